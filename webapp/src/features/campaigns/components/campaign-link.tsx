import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { CampaignOut } from '@/api'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copy-button'
import { useTenant } from '@/lib/tenancy'

/** A campaign's link, and the same link as a QR code to be printed. */
export function CampaignLink({ campaign: { id, name, source, deep_link } }: { campaign: CampaignOut }) {
  const { t } = useTranslation('campaigns')
  const { id: tenantId } = useTenant()
  const image = `/api/v1/tenants/${tenantId}/campaigns/${id}/qr`
  return (
    <div className="flex flex-col items-center gap-4">
      {/* A QR code is read only dark on light. */}
      <img src={image} alt={t('link.qr', { name })} className="size-48 rounded-md border bg-white p-2" />
      <p className="text-center font-mono text-xs break-all">{deep_link}</p>
      <div className="flex flex-wrap justify-center gap-2">
        <CopyButton value={deep_link} label={t('link.copy')} isLabelShown />
        <Button asChild size="sm">
          <a href={image} download={`${source}.svg`}>
            <Download aria-hidden />
            {t('link.download')}
          </a>
        </Button>
      </div>
    </div>
  )
}
