import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'

/** Shows every tenant's rows again where only one's are shown. */
export function AllTenantsButton({ tenant, onClick }: { tenant: string | undefined; onClick: () => void }) {
  const { t } = useTranslation('staff')
  if (tenant === undefined) return null
  return (
    <Button onClick={onClick}>
      <X aria-hidden />
      {t('setAside.allTenants')}
    </Button>
  )
}
