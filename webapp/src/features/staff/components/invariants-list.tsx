import { Clock } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import type { InvariantOut } from '@/api'
import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { Moment } from '@/components/ui/moment'
import { State } from '@/components/ui/state'

interface InvariantsListProps {
  items: readonly InvariantOut[]
  /** As many violations may be more. */
  limit: number
}

/** What must always be true, and whether it was when it was last looked at; what is broken stands first. */
export function InvariantsList({ items, limit }: InvariantsListProps) {
  const { t } = useTranslation('staff')
  if (!items.length)
    return (
      <Card>
        <State icon={Clock} title={t('invariants.empty')}>
          {t('invariants.emptyText')}
        </State>
      </Card>
    )
  const ordered = [...items].sort((one, other) => weightOf(other) - weightOf(one))
  return (
    <Card>
      <ul className="divide-y">
        {ordered.map((item) => (
          <li key={item.name} className="px-4 py-3">
            <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
              <div className="min-w-0">
                <Words name={item.name} />
                <p className="text-muted-foreground">
                  <code className="text-xs">{item.name}</code> · <Moment at={item.checked_at} />
                </p>
              </div>
              <Verdict item={item} limit={limit} />
            </div>
            {item.error && <p className="mt-2 font-mono text-xs break-words text-danger">{item.error}</p>}
            {item.samples.length > 0 && (
              <ul className="mt-2 space-y-1 font-mono text-xs">
                {item.samples.map((row) => (
                  <li key={row.id}>
                    {row.id} ·{' '}
                    <Link className="text-info underline" to={`/staff/tenants/${row.tenant_id}`}>
                      {t('invariants.tenant')}
                    </Link>
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
    </Card>
  )
}

function weightOf({ violations, error }: InvariantOut): number {
  return error ? Number.MAX_SAFE_INTEGER : violations
}

function Words({ name }: { name: string }) {
  const { t, i18n } = useTranslation('staff')
  const key = `invariants.names.${name}`
  return (
    <p className="font-medium">
      {i18n.exists(`staff:${key}`) ? t(key as 'invariants.names.job_stuck') : name}
    </p>
  )
}

function Verdict({ item, limit }: { item: InvariantOut; limit: number }) {
  const { t } = useTranslation('staff')
  if (item.error) return <Badge tone="danger">{t('invariants.unchecked')}</Badge>
  if (item.violations === 0) return <Badge tone="success">{t('invariants.holds')}</Badge>
  const key = item.violations >= limit ? 'invariants.brokenAtLeast' : 'invariants.broken'
  return <Badge tone="danger">{t(key, { count: item.violations })}</Badge>
}
