import type { UseQueryResult } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { PaymentSumsOut } from '@/api'
import { Skeleton } from '@/components/ui/skeleton'
import { StatCard } from '@/components/ui/stat-card'
import { useFormat } from '@/lib/use-format'

interface PaymentSumsProps {
  query: UseQueryResult<PaymentSumsOut>
  /** Nothing when it is not known yet. */
  undelivered: number | undefined
  undeliveredPath: string
}

/** What the list comes to, and who paid without getting in. */
export function PaymentSums({ query, undelivered, undeliveredPath }: PaymentSumsProps) {
  const { t } = useTranslation('payments')
  const format = useFormat()
  if (query.isError) return null
  const sums = query.data
  const real = sums?.items.filter((item) => !item.is_test) ?? []
  // As on the dashboard: test payments count where there is no real one, and say so.
  const counted = real.length > 0 ? real : (sums?.items ?? [])
  const hasOnlyTests = counted.some((item) => item.is_test)
  return (
    <div
      className="mb-5 grid grid-cols-2 gap-3 max-sm:*:first:col-span-2 sm:grid-cols-3"
      aria-busy={query.isFetching}
    >
      {sums === undefined ? (
        <Skeleton className="col-span-2 h-22" />
      ) : (
        <>
          {sums.items.map(({ total, is_test: isTest }) => (
            <StatCard
              key={`${total.currency}${isTest ? ' test' : ''}`}
              label={t(isTest ? 'sums.totalTest' : 'sums.total', { currency: total.currency })}
              definition={t('sums.definition')}
              value={format.money(total)}
            />
          ))}
          {sums.items.length === 0 && (
            <StatCard label={t('sums.none')} definition={t('sums.definition')} value="—" />
          )}
          <StatCard
            label={t(hasOnlyTests ? 'sums.countTest' : 'sums.count')}
            value={format.number(counted.reduce((sum, { count }) => sum + count, 0))}
          />
        </>
      )}
      {undelivered !== undefined && (
        <StatCard label={t('undelivered.title')} value={format.number(undelivered)} to={undeliveredPath} />
      )}
    </div>
  )
}
