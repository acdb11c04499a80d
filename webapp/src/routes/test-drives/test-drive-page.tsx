import { Bot, Unplug } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { testDrivesStart } from '@/api'
import { botsListOptions, testDrivesListOptions } from '@/api/@tanstack/react-query.gen'
import { OnlyIf } from '@/components/layout/only-if'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { State } from '@/components/ui/state'
import { StartCard } from '@/features/test-drives/components/start-card'
import { toProblem } from '@/lib/problem'
import { useTenantAction, useTenantQuery } from '@/lib/requests'
import { useTenantPath } from '@/lib/tenancy'
import { DriveView } from './drive-view'

export function Page() {
  const { t } = useTranslation('test-drives')
  const drives = useTenantQuery((path) => testDrivesListOptions({ path }))
  // What was looked at stays until one begins anew, ended or not.
  const [openedId, setOpenedId] = useState<string | null>()
  const [begunId, setBegunId] = useState<string>()
  const running = drives.data?.items.find((drive) => drive.is_mine && drive.status === 'running')
  const shownId = openedId === undefined ? running?.id : openedId
  if (openedId === undefined && running) setOpenedId(running.id)
  const begin = (driveId: string) => {
    setBegunId(driveId)
    setOpenedId(driveId)
  }
  return (
    <PageBody>
      <PageHeader title={t('title')} description={t('description')} />
      <Loaded query={drives} skeleton={<Skeleton className="mx-auto h-72 max-w-2xl" />}>
        {({ is_available }) => {
          if (!is_available)
            return (
              <Card>
                <State icon={Unplug} title={t('unavailable.title')}>
                  {t('unavailable.text')}
                </State>
              </Card>
            )
          if (!shownId)
            return (
              <OnlyIf operation="test_drives-start">
                <Start onStarted={begin} />
              </OnlyIf>
            )
          return (
            <DriveView
              key={shownId}
              driveId={shownId}
              takesFocus={shownId === begunId}
              onAgain={() => setOpenedId(null)}
            />
          )
        }}
      </Loaded>
    </PageBody>
  )
}

function Start({ onStarted }: { onStarted: (driveId: string) => void }) {
  const { t } = useTranslation('test-drives')
  const path = useTenantPath()
  const bots = useTenantQuery((tenant) => botsListOptions({ path: tenant, query: { size: 100 } }))
  const start = useTenantAction(
    (tenant, body: { bot_id: string; locale: 'ru' | 'en' }) => testDrivesStart({ path: tenant, body }),
    { errors: 'form', onDone: ({ id }) => onStarted(id) },
  )
  return (
    <Loaded query={bots} skeleton={<Skeleton className="mx-auto h-72 max-w-2xl" />}>
      {({ items }) =>
        items.length ? (
          <StartCard
            bots={items}
            isPending={start.isPending}
            problem={start.isError ? toProblem(start.error) : undefined}
            onStart={start.mutate}
          />
        ) : (
          <Card>
            <State
              icon={Bot}
              title={t('noBot.title')}
              action={
                <Button asChild variant="primary">
                  <Link to={path('/settings/bot')}>{t('noBot.connect')}</Link>
                </Button>
              }
            >
              {t('noBot.text')}
            </State>
          </Card>
        )
      }
    </Loaded>
  )
}
