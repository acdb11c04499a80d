import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import type { ListUrl } from '../list-url'
import { MovementFilter } from './movement-filter'

/** Filters that come from other pages and from programs, and can only be taken away here. */
export function BroughtFilters({ url }: { url: ListUrl }) {
  const { t } = useTranslation('subscribers')
  const { value, set } = url
  return (
    <>
      <MovementFilter url={url} />
      {value.status !== undefined && (
        <Button variant="outline" onClick={() => set({ status: undefined })}>
          {t('filters.subscriptionStatus', { status: t(`subscription.${value.status}`) })}
          <X aria-hidden />
        </Button>
      )}
      {value.bot !== undefined && (
        <Button variant="outline" onClick={() => set({ bot: undefined })}>
          {t('filters.oneBot')}
          <X aria-hidden />
        </Button>
      )}
    </>
  )
}
