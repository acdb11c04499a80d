import { ExternalLink } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { CopyButton } from '@/components/ui/copy-button'
import { useTenant } from '@/lib/tenancy'

const DESCRIPTION = '/api/openapi.json'

/** What every address of the API begins with for this tenant, and where its operations are described. */
export function ApiDocs() {
  const { t } = useTranslation('api')
  const { id } = useTenant()
  const address = `${window.location.origin}/api/v1/tenants/${id}`
  return (
    <div className="space-y-2 border-t px-4 py-3 sm:px-5">
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1">
          <span className="block text-xs text-muted-foreground">{t('keys.address')}</span>
          <code className="text-xs break-all">{address}</code>
        </span>
        <CopyButton value={address} label={t('keys.copyAddress')} />
      </div>
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1">
          <a
            href={DESCRIPTION}
            target="_blank"
            rel="noopener"
            className="inline-flex items-center gap-1 text-info hover:underline"
          >
            {t('keys.docs')}
            <ExternalLink className="size-3.5" aria-hidden />
          </a>
          <span className="block text-pretty text-muted-foreground">{t('keys.docsHint')}</span>
        </span>
        <CopyButton value={`${window.location.origin}${DESCRIPTION}`} label={t('keys.copyDocs')} />
      </div>
    </div>
  )
}
