import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate } from 'react-router-dom'
import type { ImportOut } from '@/api'
import { importsListOptions, plansListOptions } from '@/api/@tanstack/react-query.gen'
import { listParams } from '@/components/data-table/list-state'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Card, CardBody } from '@/components/ui/card'
import { Loaded } from '@/components/ui/loaded'
import { Notice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { ColumnsForm } from '@/features/imports/components/columns-form'
import { ImportForm } from '@/features/imports/components/import-form'
import { ImportHelp } from '@/features/imports/components/import-help'
import { ImportsTable } from '@/features/imports/components/imports-table'
import { type Upload, findUpload } from '@/features/imports/upload'
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
  const { state } = useLocation() as { state: { again?: string } | null }
  // What was said of the columns stays with its file, when somebody goes back a step.
  const [upload, setUpload] = useState<Upload | undefined>(() => findUpload(state?.again))
  const [isMapping, setMapping] = useState(upload !== undefined)
  const plans = useTenantQuery((tenant) => plansListOptions({ path: tenant, query: { size: 200 } }))
  const imports = useTenantQuery((tenant) => importsListOptions({ path: tenant, query: { page, size } }))
  const show = ({ id }: ImportOut) => {
    navigate(path(`/subscribers/import/${id}`))
  }
  return (
    <PageBody>
      <PageHeader
        title={t('title')}
        description={t('description')}
        back={{ to: path('/subscribers'), label: t('back') }}
      />
      {isMapping && upload && can('imports-check') && (
        <div className="mb-6">
          <ColumnsForm
            upload={upload}
            onBack={(choice) => {
              setUpload({ ...upload, choice })
              setMapping(false)
            }}
            onChecked={show}
          />
        </div>
      )}
      {can('imports-check') && (
        // Hidden it still has the file and what was typed.
        <div className="mb-6 grid items-start gap-6 lg:grid-cols-2" hidden={isMapping}>
          <Card>
            <CardBody className="pt-4">
              <Loaded query={plans} skeleton={<Skeleton className="h-64" />}>
                {({ items }) =>
                  items.length === 0 ? (
                    <Notice tone="info">{t('form.noPlans')}</Notice>
                  ) : (
                    <ImportForm
                      plans={items}
                      earlier={upload}
                      onColumns={(chosen) => {
                        const isTheSame = upload?.content === chosen.content
                        setUpload({ ...chosen, choice: isTheSame ? upload.choice : undefined })
                        setMapping(true)
                      }}
                      onChecked={show}
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
