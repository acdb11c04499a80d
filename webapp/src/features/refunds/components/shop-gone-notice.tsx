import { useTranslation } from 'react-i18next'
import { Notice } from '@/components/ui/notice'

/** Why a payment cannot be refunded from here, and what to do instead; nothing where its shop is connected. */
export function ShopGoneNotice({ shopId }: { shopId: string | null | undefined }) {
  const { t } = useTranslation('refunds')
  if (!shopId) return null
  return (
    <Notice tone="warning" title={t('shopGone.title', { shop: shopId })}>
      {t('shopGone.text')}
    </Notice>
  )
}
