import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { PromoCodeOut } from '@/api'
import { Button } from '@/components/ui/button'
import { Card, CardBody } from '@/components/ui/card'
import { CopyButton } from '@/components/ui/copy-button'
import { useTenant } from '@/lib/tenancy'

/** The link that brings the code to the bot, and the same link as a QR code to be printed. */
export function CodeLink({ code }: { code: PromoCodeOut }) {
  const { t } = useTranslation('promo-codes')
  const { id } = useTenant()
  const image = `/api/v1/tenants/${id}/promo-codes/${code.id}/qr`
  return (
    <Card aria-label={t('link.title')}>
      <CardBody className="flex flex-col gap-5 sm:flex-row sm:items-center">
        {/* A QR code is read only dark on light. */}
        <img
          src={image}
          alt={t('link.qr', { code: code.code })}
          className="size-32 shrink-0 rounded-md border bg-white p-2"
        />
        <div className="min-w-0 flex-1 space-y-3">
          <div>
            <p className="font-medium">{t('link.title')}</p>
            <p className="text-muted-foreground">{t('link.text')}</p>
          </div>
          <p className="font-mono text-xs break-all">{code.deep_link}</p>
          <div className="flex flex-wrap gap-2">
            <CopyButton value={code.deep_link} label={t('link.copy')} isLabelShown />
            <CopyButton value={code.code} label={t('link.copyCode')} isLabelShown />
            <Button asChild size="sm">
              <a href={image} download={`${code.code}.svg`}>
                <Download aria-hidden />
                {t('link.download')}
              </a>
            </Button>
          </div>
        </div>
      </CardBody>
    </Card>
  )
}
