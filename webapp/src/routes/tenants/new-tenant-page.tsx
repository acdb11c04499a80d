import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router-dom'
import { useTenants } from '@/app/use-tenants'
import { Button } from '@/components/ui/button'
import { NewTenantForm } from '@/features/tenants/components/new-tenant-form'
import { useLogOut } from '@/lib/use-log-out'
import { useTitle } from '@/lib/use-title'

export function Page() {
  const { t } = useTranslation('tenants')
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
        <WayOut />
      </p>
    </>
  )
}

/** Back to a project; whoever has none yet would only come back here, and may leave instead. */
function WayOut() {
  const { t } = useTranslation()
  const tenants = useTenants()
  const logOut = useLogOut()
  if (!tenants.data) return null
  if (tenants.data.items.length === 0)
    return (
      <Button variant="link" onClick={() => void logOut()}>
        {t('account.logOut')}
      </Button>
    )
  return (
    <Link className="text-muted-foreground hover:text-foreground" to="/">
      {t('actions.cancel')}
    </Link>
  )
}
