import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { PlanOut } from '@/api'
import { DateRange } from '@/components/data-table/date-range'
import { FilterSelect, FiltersBar } from '@/components/data-table/filters-bar'
import { Button } from '@/components/ui/button'
import type { ListUrl } from '../list-url'
import { DELIVERY_STATES, METHODS, RECEIPT_STATES, STATUSES } from '../states'

interface PaymentsFiltersProps {
  url: ListUrl
  plans: PlanOut[]
}

export function PaymentsFilters({ url: { value, set, reset, isFiltered }, plans }: PaymentsFiltersProps) {
  const { t } = useTranslation(['payments', 'common', 'fiscal-receipts'])
  return (
    <FiltersBar
      search={{
        value: value.search,
        placeholder: t('search'),
        onChange: (search) => set({ search }, { replace: true }),
      }}
      isFiltered={isFiltered}
      onReset={reset}
    >
      <DateRange
        label={t('common:filters.period')}
        from={value.from}
        until={value.until}
        onChange={(range) => set(range)}
      />
      <FilterSelect
        label={t('columns.status')}
        value={value.status}
        choices={STATUSES.map((status) => ({ value: status, label: t(`status.${status}`) }))}
        onChange={(status) => set({ status: status as typeof value.status })}
      />
      <FilterSelect
        label={t('columns.delivery')}
        value={value.delivery}
        choices={DELIVERY_STATES.map((state) => ({ value: state, label: t(`delivery.${state}`) }))}
        onChange={(delivery) => set({ delivery: delivery as typeof value.delivery })}
      />
      <FilterSelect
        label={t('columns.method')}
        value={value.method}
        choices={METHODS.map((method) => ({ value: method, label: t(`methods.${method}`) }))}
        onChange={(method) => set({ method: method as typeof value.method })}
      />
      {plans.length > 0 && (
        <FilterSelect
          label={t('columns.plan')}
          value={value.plan}
          choices={plans.map(({ id, title }) => ({ value: id, label: title }))}
          onChange={(plan) => set({ plan })}
        />
      )}
      <FilterSelect
        label={t('filters.test')}
        value={value.test === undefined ? undefined : value.test ? 'yes' : 'no'}
        choices={[
          { value: 'no', label: t('filters.live') },
          { value: 'yes', label: t('filters.onlyTest') },
        ]}
        onChange={(chosen) => set({ test: chosen === undefined ? undefined : chosen === 'yes' })}
      />
      <FilterSelect
        label={t('filters.receipt')}
        value={value.receipt}
        choices={RECEIPT_STATES.map((state) => ({
          value: state,
          label: t(`fiscal-receipts:states.${state}`),
        }))}
        onChange={(receipt) => set({ receipt: receipt as typeof value.receipt })}
      />
      {value.user !== undefined && (
        <Button onClick={() => set({ user: undefined })}>
          {t('filters.oneUser')}
          <X aria-hidden />
        </Button>
      )}
      {value.promo !== undefined && (
        <Button onClick={() => set({ promo: undefined })}>
          {t('filters.onePromo')}
          <X aria-hidden />
        </Button>
      )}
    </FiltersBar>
  )
}
