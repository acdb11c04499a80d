import { Check, Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router-dom'
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '@/components/ui/dropdown-menu'
import { useTenant } from '@/lib/tenancy'
import { Initial } from './initial'
import { TenantButton } from './tenant-button'
import { useTenants } from './use-tenants'

export default function TenantMenu() {
  const { t } = useTranslation()
  const tenant = useTenant()
  const tenants = useTenants()
  const navigate = useNavigate()
  const known = tenants.data?.items ?? [tenant]
  return (
    <Menu trigger={<TenantButton />} align="start" className="w-64">
      <MenuLabel>{t('nav.yourTenants')}</MenuLabel>
      {known.map(({ id, name }) => (
        <MenuItem key={id} onSelect={() => navigate(`/t/${id}`)} aria-current={id === tenant.id || undefined}>
          <Initial name={name} />
          <span className="min-w-0 flex-1 truncate">{name}</span>
          {id === tenant.id && <Check aria-hidden />}
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem onSelect={() => navigate('/tenants/new')}>
        <Plus aria-hidden />
        {t('nav.newTenant')}
      </MenuItem>
    </Menu>
  )
}
