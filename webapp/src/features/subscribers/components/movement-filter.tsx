import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { startOfDay } from '@/lib/days'
import { useFormat } from '@/lib/use-format'
import type { ListUrl } from '../list-url'

/** Whom a card of the dashboard counts; comes from there, and can only be taken away here. */
export function MovementFilter({ url: { value, set } }: { url: ListUrl }) {
  const { t } = useTranslation('subscribers')
  const format = useFormat()
  const { movement, from, until, test } = value
  if (movement === undefined) return null
  const shown = (day: string | undefined) =>
    day === undefined ? '…' : format.date(startOfDay(day, format.timeZone))
  return (
    <Button
      variant="outline"
      onClick={() => set({ movement: undefined, from: undefined, until: undefined, test: undefined })}
    >
      {t(`filters.movement.${movement}`, { from: shown(from), until: shown(until) })}
      {test && ` · ${t('filters.movement.test')}`}
      <X aria-hidden />
    </Button>
  )
}
