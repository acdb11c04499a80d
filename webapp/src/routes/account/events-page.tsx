import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { authListEventsOptions } from '@/api/@tanstack/react-query.gen'
import { listParams } from '@/components/data-table/list-state'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { EventsTable } from '@/features/account/components/events-table'
import { useUrlState } from '@/lib/url-state'

export function Page() {
  const { t } = useTranslation('account')
  const { value, set } = useUrlState(listParams)
  const { page, size } = value
  const events = useQuery({
    ...authListEventsOptions({ query: { page, size } }),
    placeholderData: keepPreviousData,
  })
  return (
    <PageBody isNarrow>
      <PageHeader title={t('events.title')} description={t('events.description')} />
      <EventsTable query={events} state={value} onChange={set} />
    </PageBody>
  )
}
