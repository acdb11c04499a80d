import { Copy, Pencil } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router-dom'
import type { BroadcastOut } from '@/api'
import { botsListOptions, broadcastsGetOptions } from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Button } from '@/components/ui/button'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { BroadcastStatus } from '@/features/broadcasts/components/broadcast-status'
import { DiscardButton } from '@/features/broadcasts/components/discard-button'
import { FactsCard } from '@/features/broadcasts/components/facts-card'
import { MessageCard } from '@/features/broadcasts/components/message-card'
import { SendCard } from '@/features/broadcasts/components/send-card'
import { hasStarted } from '@/features/broadcasts/run'
import { useTenantQuery } from '@/lib/requests'
import { useCan, useTenantPath } from '@/lib/tenancy'
import { Recipients } from './recipients'
import { Run } from './run'
import { SegmentSummary } from './segment-summary'

export function Page() {
  const { t } = useTranslation('broadcasts')
  const { broadcastId = '' } = useParams()
  const path = useTenantPath()
  const navigate = useNavigate()
  const query = useTenantQuery((tenant) =>
    broadcastsGetOptions({ path: { ...tenant, broadcast_id: broadcastId } }),
  )
  return (
    <PageBody>
      <Loaded query={query} skeleton={<Skeleton className="h-160" />}>
        {(found) => (
          <>
            <PageHeader
              title={found.title}
              badge={<BroadcastStatus found={found} />}
              back={{ to: path('/broadcasts'), label: t('title') }}
              actions={
                hasStarted(found) ? (
                  <CopyLink found={found} />
                ) : (
                  <>
                    <EditLink found={found} />
                    <DiscardButton found={found} onDone={() => navigate(path('/broadcasts'))} />
                  </>
                )
              }
            />
            <Content found={found} />
          </>
        )}
      </Loaded>
    </PageBody>
  )
}

function CopyLink({ found }: { found: BroadcastOut }) {
  const { t } = useTranslation('broadcasts')
  const can = useCan()
  const path = useTenantPath()
  if (!can('broadcasts-create')) return null
  return (
    <Button asChild>
      <Link to={path(`/broadcasts/new?from=${found.id}`)}>
        <Copy aria-hidden />
        {t('copy.open')}
      </Link>
    </Button>
  )
}

function EditLink({ found }: { found: BroadcastOut }) {
  const { t } = useTranslation('broadcasts')
  const can = useCan()
  const path = useTenantPath()
  if (!can('broadcasts-change')) return null
  return (
    <Button asChild>
      <Link to={path(`/broadcasts/${found.id}/edit`)}>
        <Pencil aria-hidden />
        {t('edit.open')}
      </Link>
    </Button>
  )
}

function Content({ found }: { found: BroadcastOut }) {
  const bots = useTenantQuery((path) => botsListOptions({ path, query: { size: 100 } }))
  const bot = bots.data?.items.find(({ id }) => id === found.bot_id)
  const facts = <FactsCard found={found} bot={bot} segment={<SegmentSummary found={found} />} />
  const isStarted = hasStarted(found)
  return (
    // On a phone the message comes before the long list of people.
    <div className="grid grid-cols-1 gap-5 lg:grid-cols-[minmax(0,1fr)_22rem] lg:grid-rows-[auto_1fr]">
      <div className="min-w-0 space-y-5">
        {isStarted ? <Run found={found} /> : <SendCard found={found} bot={bot} />}
        {!isStarted && facts}
      </div>
      <div className="min-w-0 space-y-5 lg:row-span-2">
        <MessageCard found={found} />
        {isStarted && facts}
      </div>
      {isStarted && (
        <div className="min-w-0">
          <Recipients found={found} />
        </div>
      )}
    </div>
  )
}
