import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { broadcastsPreview } from '@/api'
import { useTenant } from '@/lib/tenancy'
import { useDebounced } from '@/lib/use-debounced'
import { type DraftValues, toPreview } from './draft'

export interface PreviewReader {
  locale: 'ru' | 'en'
  name: string
  /** Empty for somebody without a subscription. */
  plan: string
  paid_until_at: string | null
}

/** What somebody would be sent; asked for when the typing pauses. */
export function useMessagePreview(values: DraftValues, reader: PreviewReader) {
  const { id } = useTenant()
  // As text: the form's values are other objects after every key.
  const typed = useDebounced(JSON.stringify(toPreview(values) ?? null))
  return useQuery({
    queryKey: [id, 'broadcast-preview', typed, reader],
    queryFn: async ({ signal }) => {
      const message = JSON.parse(typed) as NonNullable<ReturnType<typeof toPreview>>
      return (await broadcastsPreview({ path: { tenant_id: id }, body: { ...message, ...reader }, signal }))
        .data
    },
    enabled: typed !== 'null',
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  })
}
