import { RotateCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Operation } from '@/api/permissions.gen'
import { Button } from '@/components/ui/button'
import { useCan } from '@/lib/tenancy'

interface AgainButtonProps {
  operation: Operation
  isPending: boolean
  onClick: () => void
}

export function AgainButton({ operation, isPending, onClick }: AgainButtonProps) {
  const { t } = useTranslation('set-aside')
  const can = useCan()
  if (!can(operation)) return null
  return (
    <Button size="sm" isPending={isPending} onClick={onClick}>
      {!isPending && <RotateCw aria-hidden />}
      {t('again.submit')}
    </Button>
  )
}
