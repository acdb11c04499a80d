import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type MessageOut, messagesPreview } from '@/api'
import { useTenant } from '@/lib/tenancy'

/** What a subscriber would be sent, with example values; asked for when the typing pauses. */
export function usePreview(botId: string, { key, locale }: MessageOut, text: string, enabled: boolean) {
  const { id } = useTenant()
  return useQuery({
    queryKey: [id, 'preview', botId, key, locale, text],
    queryFn: async ({ signal }) =>
      (
        await messagesPreview({
          path: { tenant_id: id, bot_id: botId },
          body: { key, locale, text },
          signal,
        })
      ).data,
    enabled: enabled && text !== '',
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  })
}
