import { EyeOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { type ViewOut, staffImpersonationsEnd } from '@/api'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Moment } from '@/components/ui/moment'
import { State } from '@/components/ui/state'
import { useAction } from '@/lib/requests'

interface RunningViewsProps {
  views: readonly ViewOut[]
  /** The view of this session, which can be ended here. */
  own: string | undefined
}

/** Who of staff looks at which tenant now. */
export function RunningViews({ views, own }: RunningViewsProps) {
  const { t } = useTranslation('staff')
  const end = useAction(() => staffImpersonationsEnd(), { done: t('views.ended') })
  if (!views.length)
    return (
      <Card>
        <State icon={EyeOff} title={t('views.empty')}>
          {t('views.emptyText')}
        </State>
      </Card>
    )
  return (
    <Card>
      <ul className="divide-y">
        {views.map((view) => (
          <li key={view.id} className="flex flex-wrap items-center justify-between gap-3 px-4 py-3">
            <div className="min-w-0">
              <p className="font-medium">
                {view.staff_name} ·{' '}
                <Link className="text-info underline" to={`/staff/tenants/${view.tenant_id}`}>
                  {t('views.tenant')}
                </Link>
              </p>
              <p className="break-words text-muted-foreground">{view.reason}</p>
              <p className="text-muted-foreground">
                {t('views.until')} <Moment at={view.ends_at} as="time" />
              </p>
            </div>
            {view.id === own && (
              <span className="flex gap-2">
                <Button asChild size="sm">
                  <Link to={`/t/${view.tenant_id}`}>{t('views.open')}</Link>
                </Button>
                <Button size="sm" isPending={end.isPending} onClick={() => end.mutate()}>
                  {t('views.end')}
                </Button>
              </span>
            )}
          </li>
        ))}
      </ul>
    </Card>
  )
}
