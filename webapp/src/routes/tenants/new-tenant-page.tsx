import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router-dom'
import { NewTenantForm } from '@/features/tenants/components/new-tenant-form'
import { useTitle } from '@/lib/use-title'

export function Page() {
  const { t } = useTranslation(['tenants', 'common'])
  const navigate = useNavigate()
  useTitle(t('create.title'))
  return (
    <>
      <h1 className="text-2xl">{t('create.title')}</h1>
      <p className="mt-1 text-muted-foreground">{t('create.text')}</p>
      <div className="mt-6">
        <NewTenantForm onDone={(tenant) => navigate(`/t/${tenant.id}`)} />
      </div>
      <p className="mt-6 text-center">
        <Link className="text-muted-foreground hover:text-foreground" to="/">
          {t('common:actions.cancel')}
        </Link>
      </p>
    </>
  )
}
