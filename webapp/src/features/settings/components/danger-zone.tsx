import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { useTenant, useTenantPath } from '@/lib/tenancy'

/** What an owner rarely wants, apart from the other settings. */
export function DangerZone() {
  const { t } = useTranslation('settings')
  const path = useTenantPath()
  const isClosing = useTenant().removal_at !== null
  return (
    <Card aria-label={t('danger.title')} className="border-danger/40">
      <CardHeader title={t('danger.title')} />
      <CardBody className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <h3 className="font-medium">{t('danger.closing')}</h3>
          <p className="max-w-prose text-muted-foreground">
            {t(isClosing ? 'danger.running' : 'danger.closingText')}
          </p>
        </div>
        <Button className={isClosing ? '' : 'text-danger'} asChild>
          <Link to={path('/settings/closing')}>{t(isClosing ? 'danger.show' : 'danger.open')}</Link>
        </Button>
      </CardBody>
    </Card>
  )
}
