import { useTranslation } from 'react-i18next'
import { extensionsStop } from '@/api'
import { extensionsGetOptions } from '@/api/@tanstack/react-query.gen'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { DialogFooter } from '@/components/ui/dialog'
import { Loaded } from '@/components/ui/loaded'
import { Notice } from '@/components/ui/notice'
import { Progress } from '@/components/ui/progress'
import { Skeleton } from '@/components/ui/skeleton'
import { useTenantAction, useTenantQuery } from '@/lib/requests'
import { useFormat } from '@/lib/use-format'
import { TONES, isUnderWay } from '../progress'

/** How far it is; it goes on when the dialog is closed. */
export function RunningExtension({ extensionId, onClose }: { extensionId: string; onClose: () => void }) {
  const { t } = useTranslation(['extensions', 'common'])
  const format = useFormat()
  const query = useTenantQuery(
    (path) => extensionsGetOptions({ path: { ...path, extension_id: extensionId } }),
    { refetchInterval: ({ state }) => (state.data === undefined || isUnderWay(state.data) ? 700 : false) },
  )
  const stop = useTenantAction((path) => extensionsStop({ path: { ...path, extension_id: extensionId } }), {
    onDone: () => void query.refetch(),
  })
  return (
    <Loaded query={query} skeleton={<Skeleton className="h-32" />}>
      {(found) => {
        const seen = found.done_count + found.passed_count
        return (
          <div className="space-y-4">
            <div className="flex flex-wrap items-center gap-2">
              <Badge tone={TONES[found.status]}>{t(`status.${found.status}`)}</Badge>
              <span className="text-muted-foreground tabular-nums" role="status">
                {found.total_count !== null &&
                  t('progress', { done: format.number(seen), total: format.number(found.total_count) })}
              </span>
            </div>
            {found.status === 'running' && found.total_count !== null && (
              <Progress label={t('title')} value={seen} max={found.total_count} />
            )}
            {isUnderWay(found) && <p className="text-muted-foreground">{t('underWay')}</p>}
            {found.status === 'done' && (
              <Notice tone="success">{t('done', { count: found.done_count })}</Notice>
            )}
            {found.status === 'stopped' && (
              <Notice tone="warning">{t('stopped', { count: found.done_count })}</Notice>
            )}
            {found.passed_count > 0 && (
              <p className="text-muted-foreground">{t('passed', { count: found.passed_count })}</p>
            )}
            <DialogFooter>
              {isUnderWay(found) && (
                <Button isPending={stop.isPending} onClick={() => stop.mutate()}>
                  {t('stop')}
                </Button>
              )}
              <Button variant="primary" onClick={onClose}>
                {t('common:actions.close')}
              </Button>
            </DialogFooter>
          </div>
        )
      }}
    </Loaded>
  )
}
