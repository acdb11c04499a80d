import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import { winBacksPreview } from '@/api'
import { zWinBackStepIn } from '@/api/zod.gen'
import { useTenant } from '@/lib/tenancy'
import type { StepValues } from './series'

/** The message of a step as the bot would send it; nothing is asked for while the step makes no sense. */
export function useOfferPreview(
  botId: string | undefined,
  step: StepValues | undefined,
  locale: 'ru' | 'en',
) {
  const { id } = useTenant()
  const shown = zWinBackStepIn.safeParse(useDeferredValue(step)).data
  return useQuery({
    queryKey: [id, 'win-back-preview', botId, locale, shown],
    queryFn: async ({ signal }) => {
      if (botId === undefined || shown === undefined) throw new Error('nothing to preview')
      const body = { ...shown, bot_id: botId, locale }
      return (await winBacksPreview({ path: { tenant_id: id }, body, signal })).data
    },
    enabled: botId !== undefined && shown !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  })
}
