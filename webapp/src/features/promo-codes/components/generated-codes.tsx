import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import type { PromoCodeOut } from '@/api'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardFooter, CardHeader } from '@/components/ui/card'
import { CopyButton } from '@/components/ui/copy-button'
import { useTenantPath } from '@/lib/tenancy'

export function GeneratedCodes({ codes }: { codes: PromoCodeOut[] }) {
  const { t } = useTranslation('promo-codes')
  const path = useTenantPath()
  return (
    <Card aria-label={t('generated.title', { count: codes.length })}>
      <CardHeader
        title={<span role="status">{t('generated.title', { count: codes.length })}</span>}
        description={t('generated.text')}
        actions={
          <>
            <CopyButton
              value={codes.map(({ code }) => code).join('\n')}
              label={t('generated.copyCodes')}
              isLabelShown
            />
            <CopyButton
              value={codes.map(({ deep_link }) => deep_link).join('\n')}
              label={t('generated.copyLinks')}
              isLabelShown
            />
          </>
        }
      />
      <CardBody>
        <ul className="max-h-96 columns-2 gap-4 overflow-y-auto font-mono text-xs leading-6 sm:columns-3">
          {codes.map(({ id, code }) => (
            <li key={id}>{code}</li>
          ))}
        </ul>
      </CardBody>
      <CardFooter>
        <Button asChild variant="primary">
          <Link to={path('/promo-codes')}>{t('generated.toList')}</Link>
        </Button>
      </CardFooter>
    </Card>
  )
}
