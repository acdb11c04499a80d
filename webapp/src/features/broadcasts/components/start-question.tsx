import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type BroadcastOut, broadcastsSend } from '@/api'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { timeOfDay } from '@/lib/days'
import { useTenantAction } from '@/lib/requests'
import { useFormat } from '@/lib/use-format'
import { clock, isOpenAt } from '../hours'
import { SeriesRule } from './series-rule'

interface StartQuestionProps {
  found: BroadcastOut
  people: number
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
}

/** Asked before everybody is written to: how many people that is, and whether it begins at once. */
export function StartQuestion({ found, people, isOpen, onOpenChange }: StartQuestionProps) {
  const { t } = useTranslation('broadcasts')
  const format = useFormat()
  const isByItself = found.trigger !== null
  const start = useTenantAction(
    (path) => broadcastsSend({ path: { ...path, broadcast_id: found.id }, body: { version: found.version } }),
    { done: t(isByItself ? 'start.byItself.done' : 'start.done'), onDone: () => onOpenChange(false) },
  )
  return (
    <AlertDialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      tone="primary"
      title={
        isByItself
          ? t('start.byItself.title')
          : t('start.title', { count: people, people: format.number(people) })
      }
      description={
        <>
          <p>
            {found.trigger !== null ? <SeriesRule found={found} trigger={found.trigger} /> : t('start.text')}
          </p>
          {!isByItself && <NightNote found={found} />}
        </>
      }
      confirmLabel={t(isByItself ? 'start.byItself.submit' : 'start.submit')}
      isPending={start.isPending}
      onConfirm={() => start.mutate()}
    />
  )
}

/** Said where the hours of writing to people are over, or still to come. */
function NightNote({ found }: Pick<StartQuestionProps, 'found'>) {
  const { t } = useTranslation('broadcasts')
  const { timeZone } = useFormat()
  const [isNight] = useState(() => !isOpenAt(found, timeOfDay(timeZone, Date.now())))
  if (!isNight) return null
  return (
    <p className="mt-2 font-medium text-foreground">{t('start.night', { from: clock(found.from_hour) })}</p>
  )
}
