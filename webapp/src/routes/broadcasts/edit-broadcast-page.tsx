import { useTranslation } from 'react-i18next'
import { Navigate, useNavigate, useParams } from 'react-router-dom'
import { broadcastsGetOptions } from '@/api/@tanstack/react-query.gen'
import { OnlyIf } from '@/components/layout/only-if'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Loaded } from '@/components/ui/loaded'
import { Notice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { DraftForm } from '@/features/broadcasts/components/draft-form'
import { valuesOf } from '@/features/broadcasts/draft'
import { hasStarted } from '@/features/broadcasts/run'
import { useTenantQuery } from '@/lib/requests'
import { useTenantPath } from '@/lib/tenancy'
import { SegmentFilters } from './segment-filters'
import { useDraftChoices } from './use-draft-choices'

export function Page() {
  const { t } = useTranslation('broadcasts')
  const navigate = useNavigate()
  const { broadcastId = '' } = useParams()
  const path = useTenantPath()
  const choices = useDraftChoices()
  const query = useTenantQuery((tenant) =>
    broadcastsGetOptions({ path: { ...tenant, broadcast_id: broadcastId } }),
  )
  const home = path(`/broadcasts/${broadcastId}`)
  return (
    <PageBody>
      <PageHeader
        title={t('edit.title')}
        // Of one that waits for its time the words would not be true; a notice says what a change does to it.
        description={query.data?.status === 'scheduled' ? undefined : t('create.text')}
        back={{ to: home, label: query.data?.title ?? t('title') }}
      />
      <OnlyIf operation="broadcasts-change">
        <Loaded query={query} skeleton={<Skeleton className="h-160" />}>
          {(found) =>
            hasStarted(found) ? (
              <Navigate to={home} replace />
            ) : (
              <>
                {found.status === 'scheduled' && (
                  <Notice tone="info" className="mb-5">
                    {t('edit.scheduled')}
                  </Notice>
                )}
                <DraftForm
                  key={found.id}
                  defaults={valuesOf(found)}
                  broadcastId={found.id}
                  bots={choices.bots}
                  plans={choices.plans}
                  codes={choices.codes}
                  segment={(chosen, onChange) => (
                    <SegmentFilters query={chosen} onChange={onChange} {...choices.filters} />
                  )}
                  onDone={() => navigate(home)}
                  onCancel={() => navigate(home)}
                />
              </>
            )
          }
        </Loaded>
      </OnlyIf>
    </PageBody>
  )
}
