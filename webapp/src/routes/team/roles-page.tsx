import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { permissionsListOptions } from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { RoleMatrix } from '@/features/team/components/role-matrix'
import { RoleNotes } from '@/features/team/components/role-notes'
import { useTenantPath } from '@/lib/tenancy'

export function Page() {
  const { t } = useTranslation('team')
  const path = useTenantPath()
  const permissions = useQuery({ ...permissionsListOptions(), staleTime: Infinity })
  return (
    <PageBody>
      <PageHeader
        title={t('roles.title')}
        description={t('roles.description')}
        back={{ to: path('/settings/team'), label: t('title') }}
      />
      <RoleNotes />
      <Loaded query={permissions} skeleton={<Skeleton className="h-[40rem]" />}>
        {(rows) => <RoleMatrix permissions={rows} />}
      </Loaded>
    </PageBody>
  )
}
