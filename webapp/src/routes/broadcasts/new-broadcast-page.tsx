import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router-dom'
import { broadcastsGetOptions } from '@/api/@tanstack/react-query.gen'
import { OnlyIf } from '@/components/layout/only-if'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { BotNeeded } from '@/features/bots/components/bot-needed'
import { DraftForm } from '@/features/broadcasts/components/draft-form'
import { type DraftValues, copyOf, newDraft } from '@/features/broadcasts/draft'
import { useTenantQuery } from '@/lib/requests'
import { useTenantPath } from '@/lib/tenancy'
import { id, text, useUrlState } from '@/lib/url-state'
import { SegmentFilters } from './segment-filters'
import { useDraftChoices } from './use-draft-choices'

/** `query`: for whom, as the list of subscribers asks the API. `from`: which broadcast to begin with a copy of. */
const params = { query: text(), from: id() }

export function Page() {
  const { t } = useTranslation('broadcasts')
  const path = useTenantPath()
  const { from, query } = useUrlState(params).value
  return (
    <PageBody>
      <PageHeader
        title={t('create.title')}
        description={t('create.text')}
        back={{ to: path('/broadcasts'), label: t('title') }}
      />
      <OnlyIf operation="broadcasts-create">
        {from === undefined ? <Editor query={query} /> : <Copy from={from} />}
      </OnlyIf>
    </PageBody>
  )
}

function Copy({ from }: { from: string }) {
  const stored = useTenantQuery((path) => broadcastsGetOptions({ path: { ...path, broadcast_id: from } }))
  const { t } = useTranslation('broadcasts')
  const nameOf = (title: string) => t('copy.of', { title })
  return (
    <Loaded query={stored} skeleton={<Skeleton className="h-160" />}>
      {(found) => <Editor query={found.query} copied={copyOf(found, nameOf)} />}
    </Loaded>
  )
}

function Editor({ query, copied }: { query: string; copied?: DraftValues }) {
  const { t } = useTranslation('broadcasts')
  const navigate = useNavigate()
  const path = useTenantPath()
  const choices = useDraftChoices()
  return (
    <Loaded query={choices.query} skeleton={<Skeleton className="h-160" />}>
      {() =>
        choices.bots.length > 0 ? (
          <DraftForm
            defaults={copied ?? newDraft(choices.bots[0]?.id ?? '', query)}
            broadcastId={undefined}
            bots={choices.bots}
            plans={choices.plans}
            codes={choices.codes}
            segment={(chosen, onChange) => (
              <SegmentFilters query={chosen} onChange={onChange} {...choices.filters} />
            )}
            onDone={({ id: made }) => navigate(path(`/broadcasts/${made}`))}
            onCancel={() => navigate(path('/broadcasts'))}
          />
        ) : (
          <BotNeeded title={t('botNeeded.title')} text={t('botNeeded.text')} action={t('botNeeded.action')} />
        )
      }
    </Loaded>
  )
}
