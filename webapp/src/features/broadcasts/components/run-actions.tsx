import { Pause, Play, Square } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type BroadcastOut, broadcastsPause, broadcastsResume, broadcastsStop } from '@/api'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { useTenantAction } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'
import { canPause, canStop } from '../run'

/** Pause, go on, stop for good. */
export function RunActions({ found }: { found: BroadcastOut }) {
  const { t } = useTranslation('broadcasts')
  const format = useFormat()
  const can = useCan()
  const [isStopping, setIsStopping] = useState(false)
  const pause = useTenantAction((path) => broadcastsPause({ path: { ...path, broadcast_id: found.id } }))
  const resume = useTenantAction((path) => broadcastsResume({ path: { ...path, broadcast_id: found.id } }))
  const stop = useTenantAction((path) => broadcastsStop({ path: { ...path, broadcast_id: found.id } }), {
    done: t('stop.done'),
    onDone: () => setIsStopping(false),
  })
  const left = found.left_count ?? 0
  return (
    <>
      {canStop(found) && can('broadcasts-stop') && (
        <Button onClick={() => setIsStopping(true)}>
          <Square aria-hidden />
          {t('stop.open')}
        </Button>
      )}
      {canPause(found) && can('broadcasts-pause') && (
        <Button isPending={pause.isPending} onClick={() => pause.mutate()}>
          <Pause aria-hidden />
          {t('run.pause')}
        </Button>
      )}
      {found.status === 'paused' && can('broadcasts-resume') && (
        <Button variant="primary" isPending={resume.isPending} onClick={() => resume.mutate()}>
          <Play aria-hidden />
          {t('run.resume')}
        </Button>
      )}
      <AlertDialog
        isOpen={isStopping}
        onOpenChange={setIsStopping}
        title={t('stop.title')}
        description={
          found.trigger === null
            ? t('stop.text', { count: left, people: format.number(left) })
            : t('stop.byItself')
        }
        confirmLabel={t('stop.submit')}
        isPending={stop.isPending}
        onConfirm={() => stop.mutate()}
      />
    </>
  )
}
