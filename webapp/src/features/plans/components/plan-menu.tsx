import { Archive, Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type PlanOut, plansArchive } from '@/api'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { Menu, MenuItem } from '@/components/ui/dropdown-menu'
import { useTenantAction } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'

export function PlanMenu({ plan, onArchived }: { plan: PlanOut; onArchived?: () => void }) {
  const { t } = useTranslation('plans')
  const can = useCan()
  const [isArchiving, setIsArchiving] = useState(false)
  const archive = useTenantAction((path) => plansArchive({ path: { ...path, plan_id: plan.id } }), {
    done: t('archive.done'),
    onDone: () => {
      setIsArchiving(false)
      onArchived?.()
    },
  })
  if (plan.archived_at !== null || !can('plans-archive')) return null
  return (
    <>
      <Menu
        trigger={
          <Button variant="ghost" size="icon" aria-label={t('menu', { plan: plan.title })}>
            <Ellipsis aria-hidden />
          </Button>
        }
      >
        <MenuItem tone="danger" onSelect={() => setIsArchiving(true)}>
          <Archive aria-hidden />
          {t('archive.open')}
        </MenuItem>
      </Menu>
      <AlertDialog
        isOpen={isArchiving}
        onOpenChange={setIsArchiving}
        title={t('archive.title', { plan: plan.title })}
        description={t('archive.text')}
        typeToConfirm={plan.title}
        confirmLabel={t('archive.submit')}
        isPending={archive.isPending}
        onConfirm={() => archive.mutate()}
      />
    </>
  )
}
