import { useTranslation } from 'react-i18next'
import type { ShopOut } from '@/api'
import { CopyButton } from '@/components/ui/copy-button'
import { Definitions } from '@/components/ui/definitions'
import { Moment } from '@/components/ui/moment'
import { Notice } from '@/components/ui/notice'

export function ShopFacts({ shop }: { shop: ShopOut }) {
  const { t } = useTranslation('settings')
  const { notification_url, first_notice_at } = shop
  const isForbidden = shop.fault === 'payments_forbidden'
  return (
    <div className="space-y-4">
      {shop.status === 'rejected' && (
        <Notice tone="danger" title={t(isForbidden ? 'shop.forbidden.title' : 'shop.rejected.title')}>
          {t(isForbidden ? 'shop.forbidden.text' : 'shop.rejected.text')}
        </Notice>
      )}
      <Definitions
        rows={[
          [
            'shopId',
            <span key="id" className="font-mono">
              {shop.shop_id}
            </span>,
          ],
          [
            t('shop.key'),
            <code key="key" className="font-mono">
              {shop.secret_key_hint || '••••'}
            </code>,
          ],
          [t('shop.checked'), <Moment key="checked" at={shop.checked_at} />],
          [t('shop.firstNotice'), <Moment key="notice" at={first_notice_at} />],
        ]}
      />
      {shop.recurring_refused_at !== null && (
        <Notice tone="warning" title={t('shop.recurring.title')}>
          {t('shop.recurring.text')}
        </Notice>
      )}
      {notification_url !== null && (
        <div className="rounded-md border">
          <div className="border-b px-3 py-2.5">
            <p className="font-medium">{t('shop.notifications.title')}</p>
            <p className="text-muted-foreground">
              {t(first_notice_at === null ? 'shop.notifications.text' : 'shop.notifications.works')}
            </p>
          </div>
          <div className="flex flex-wrap items-center gap-2 py-1.5 pr-2 pl-3">
            <code className="min-w-0 flex-1 basis-60 font-mono text-xs break-all">{notification_url}</code>
            <CopyButton value={notification_url} label={t('shop.notifications.copy')} isLabelShown />
          </div>
        </div>
      )}
    </div>
  )
}
