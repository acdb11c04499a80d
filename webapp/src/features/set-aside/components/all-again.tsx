import { RotateCw } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type DeadKindOut, jobsReplayAll } from '@/api'
import { jobsCountDeadOptions } from '@/api/@tanstack/react-query.gen'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { useTenantAction, useTenantQuery } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'
import { Kind } from './kind'

/** Puts every job that gave up back to work, after it was said how many of which kind these are. */
export function AllAgain() {
  const { t } = useTranslation('set-aside')
  const can = useCan()
  const format = useFormat()
  const [isAsking, setIsAsking] = useState(false)
  const counted = useTenantQuery((path) => jobsCountDeadOptions({ path }), { enabled: isAsking })
  const replay = useTenantAction((path) => jobsReplayAll({ path, body: {} }), {
    done: ({ replayed }) => t('all.done', { count: replayed, shown: format.number(replayed) }),
    onDone: () => setIsAsking(false),
  })
  if (!can('jobs-replay_all')) return null
  const kinds = counted.data?.kinds
  const count = kinds?.reduce((sum, found) => sum + found.count, 0)
  return (
    <>
      <Button onClick={() => setIsAsking(true)}>
        <RotateCw aria-hidden />
        {t('all.open')}
      </Button>
      <AlertDialog
        isOpen={isAsking}
        onOpenChange={setIsAsking}
        tone="primary"
        title={
          count === undefined ? t('all.open') : t('all.question', { count, shown: format.number(count) })
        }
        description={<Kinds kinds={kinds} />}
        confirmLabel={t('all.submit')}
        isPending={replay.isPending}
        onConfirm={() => replay.mutate()}
      />
    </>
  )
}

function Kinds({ kinds }: { kinds: DeadKindOut[] | undefined }) {
  const { t } = useTranslation('set-aside')
  const format = useFormat()
  return (
    <div className="space-y-2">
      <p>{t('all.text')}</p>
      {kinds === undefined ? (
        <Skeleton className="h-16" />
      ) : (
        <ul className="max-h-48 list-disc space-y-0.5 overflow-y-auto pl-5">
          {kinds.map(({ kind, count }) => (
            <li key={kind}>
              <Kind kind={kind} />: {format.number(count)}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
