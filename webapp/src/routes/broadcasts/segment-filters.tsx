import { type FilterChoices, SubscribersFilters } from '@/features/subscribers/components/subscribers-filters'
import { asListUrl } from '@/features/subscribers/stored-filters'
import { useTenant } from '@/lib/tenancy'

interface SegmentFiltersProps extends FilterChoices {
  query: string
  onChange: (query: string) => void
}

/** The filters of the list of subscribers, which say here for whom a broadcast is. */
export function SegmentFilters({ query, onChange, ...choices }: SegmentFiltersProps) {
  const { time_zone } = useTenant()
  return <SubscribersFilters url={asListUrl(query, time_zone, onChange)} {...choices} />
}
