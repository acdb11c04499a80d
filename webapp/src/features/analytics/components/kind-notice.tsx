import { useTranslation } from 'react-i18next'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import type { PeriodUrl } from '../period'

interface KindNoticeProps {
  url: PeriodUrl
  view: { is_test: boolean; has_other: boolean }
}

/** Says which money is counted, where there is money of both kinds or where none of it is real. */
export function KindNotice({ url, view }: KindNoticeProps) {
  const { t } = useTranslation('analytics')
  if (!view.is_test && !view.has_other) return null
  return (
    <div className="mb-4 [&>div]:items-center">
      <Notice tone={view.is_test ? 'warning' : 'info'}>
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
          <span>
            {view.is_test && <Badge tone="warning">{t('kind.badge')}</Badge>}{' '}
            {t(view.is_test ? (view.has_other ? 'kind.test' : 'kind.onlyTest') : 'kind.real')}
          </span>
          <Button variant="link" size="sm" onClick={() => url.set({ test: !view.is_test })}>
            {t(view.is_test ? 'kind.showReal' : 'kind.showTest')}
          </Button>
        </div>
      </Notice>
    </div>
  )
}
