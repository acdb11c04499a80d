import { CircleCheck, CircleDashed, UserRound } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type BotOut, type BroadcastOut, broadcastsTest } from '@/api'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { later } from '@/lib/later'
import { useTenantAction } from '@/lib/requests'
import { useFormat } from '@/lib/use-format'
import { TestProblem } from './test-problem'

const ReaderPicker = later(() => import('./reader-picker').then((file) => file.ReaderPicker))

interface TestStepsProps {
  found: BroadcastOut
  bot: BotOut | undefined
}

/** Sends the message to oneself, or to one subscriber: only what Telegram took so can be sent to others. */
export function TestSteps({ found, bot }: TestStepsProps) {
  const { t } = useTranslation('broadcasts')
  const format = useFormat()
  const [isPicking, setIsPicking] = useState(false)
  const test = useTenantAction(
    (path, user_id: string | null) =>
      broadcastsTest({ path: { ...path, broadcast_id: found.id }, body: { user_id } }),
    { done: t('test.done'), errors: 'form' },
  )
  const isTested = found.tested_at !== null
  const Icon = isTested ? CircleCheck : CircleDashed
  return (
    <div className="space-y-3">
      <p className="flex items-start gap-2">
        <Icon
          aria-hidden
          className={`mt-0.5 size-4 shrink-0 ${isTested ? 'text-success' : 'text-muted-foreground'}`}
        />
        {found.tested_at === null ? t('test.notYet') : t('test.at', { at: format.relative(found.tested_at) })}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button
          variant={isTested ? 'outline' : 'primary'}
          isPending={test.isPending}
          onClick={() => test.mutate(null)}
        >
          {t('test.toMe')}
        </Button>
        <Button disabled={test.isPending} onClick={() => setIsPicking(true)}>
          <UserRound aria-hidden />
          {t('test.toOne')}
        </Button>
      </div>
      {test.isError && <TestProblem error={test.error} bot={bot} />}
      <Dialog
        isOpen={isPicking}
        onOpenChange={setIsPicking}
        title={t('test.pick.title')}
        description={t('test.pick.text')}
      >
        <ReaderPicker
          botId={found.bot_id}
          onPicked={(userId) => {
            setIsPicking(false)
            test.mutate(userId)
          }}
        />
      </Dialog>
    </div>
  )
}
