import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router-dom'
import { importsListOptions, plansListOptions } from '@/api/@tanstack/react-query.gen'
import { listParams } from '@/components/data-table/list-state'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Card, CardBody } from '@/components/ui/card'
import { Loaded } from '@/components/ui/loaded'
import { Notice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { ImportForm } from '@/features/imports/components/import-form'
import { ImportHelp } from '@/features/imports/components/import-help'
import { ImportsTable } from '@/features/imports/components/imports-table'
import { useTenantQuery } from '@/lib/requests'
import { useCan, useTenantPath } from '@/lib/tenancy'
import { useUrlState } from '@/lib/url-state'

export function Page() {
  const { t } = useTranslation('imports')
  const path = useTenantPath()
  const can = useCan()
  const navigate = useNavigate()
  const { value, set } = useUrlState(listParams)
  const { page, size } = value
  const plans = useTenantQuery((tenant) => plansListOptions({ path: tenant, query: { size: 200 } }))
  const imports = useTenantQuery((tenant) => importsListOptions({ path: tenant, query: { page, size } }))
  return (
    <PageBody>
      <PageHeader
        title={t('title')}
        description={t('description')}
        back={{ to: path('/subscribers'), label: t('back') }}
      />
      {can('imports-check') && (
        <div className="mb-6 grid items-start gap-6 lg:grid-cols-2">
          <Card>
            <CardBody className="pt-4">
              <Loaded query={plans} skeleton={<Skeleton className="h-64" />}>
                {({ items }) =>
                  items.length === 0 ? (
                    <Notice tone="info">{t('form.noPlans')}</Notice>
                  ) : (
                    <ImportForm
                      plans={items}
                      onChecked={({ id }) => {
                        navigate(path(`/subscribers/import/${id}`))
                      }}
                    />
                  )
                }
              </Loaded>
            </CardBody>
          </Card>
          <ImportHelp />
        </div>
      )}
      <ImportsTable query={imports} state={value} onChange={set} />
    </PageBody>
  )
}
