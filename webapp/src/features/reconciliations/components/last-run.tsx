import { RefreshCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type BotOut, type ReconciledProvider, type ReconciliationOut, reconciliationsStart } from '@/api'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Definitions } from '@/components/ui/definitions'
import { Moment } from '@/components/ui/moment'
import { Notice } from '@/components/ui/notice'
import { useTenantAction } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'

interface LastRunProps {
  bot: BotOut
  /** Whose list is compared: the shop's at YooKassa, or Telegram's of the bot's Stars. */
  provider: ReconciledProvider
  /** The newest one; nothing before the first. */
  run: ReconciliationOut | undefined
}

const DAYS = 30
const TONES = { running: 'info', done: 'success', failed: 'danger' } as const
const PROBLEMS = [
  'keys_refused',
  'keys_gone',
  'forbidden',
  'keys_do_not_open',
  'refused_by_the_gateway',
  'list_does_not_end',
] as const

const STAR_PROBLEMS = ['keys_refused', 'keys_gone', 'keys_do_not_open', 'refused_by_the_gateway'] as const

/** The last run over a bot's shop or its Stars, and starting one. */
export function LastRun({ bot, provider, run }: LastRunProps) {
  const { t } = useTranslation('reconciliations')
  const can = useCan()
  const start = useTenantAction(
    (path) => reconciliationsStart({ path, body: { bot_id: bot.id, provider, days: DAYS } }),
    { done: t('start.done') },
  )
  const isRunning = run?.status === 'running'
  const shop = run === undefined ? t('never') : t('shop', { shop: run.shop_id })
  const stars = run === undefined ? `${t('stars')}. ${t('never')}` : t('stars')
  return (
    <Card>
      <CardHeader
        title={
          <span className="flex flex-wrap items-center gap-2">
            @{bot.username}
            {run !== undefined && <Badge tone={TONES[run.status]}>{t(`status.${run.status}`)}</Badge>}
          </span>
        }
        description={provider === 'stars' ? stars : shop}
        actions={
          can('reconciliations-start') && (
            <Button isPending={start.isPending || isRunning} onClick={() => start.mutate()}>
              {!start.isPending && !isRunning && <RefreshCw aria-hidden />}
              {t('start.submit')}
            </Button>
          )
        }
      />
      {run !== undefined && (
        <CardBody className="space-y-4">
          {run.status === 'failed' && <Failure run={run} />}
          <Facts run={run} />
        </CardBody>
      )}
    </Card>
  )
}

function Failure({ run: { problem, provider } }: { run: ReconciliationOut }) {
  const { t } = useTranslation('reconciliations')
  const known = PROBLEMS.find((name) => name === problem)
  const ofStars = provider === 'stars' ? STAR_PROBLEMS.find((name) => name === problem) : undefined
  const shop = known === undefined ? problem : t(`problems.${known}`)
  return (
    <Notice tone="danger" title={t('failed')}>
      {ofStars === undefined ? shop : t(`starProblems.${ofStars}`)}
    </Notice>
  )
}

function Facts({ run }: { run: ReconciliationOut }) {
  const { t } = useTranslation('reconciliations')
  const format = useFormat()
  const looked = t(run.provider === 'stars' ? 'facts.lookedAtStars' : 'facts.lookedAt', {
    listed: format.number(run.listed_count),
    ours: format.number(run.ours_count),
  })
  return (
    <div role="status" aria-live="polite">
      <Definitions
        rows={[
          [t('facts.started'), <Moment key="started" at={run.created_at} />],
          [t('facts.since'), <Moment key="since" at={run.from_at} as="date" />],
          [t('facts.looked'), looked],
          [t('facts.foreign'), format.number(run.foreign_count)],
          [t('facts.repaired'), format.number(run.repaired_count)],
          [t('facts.open'), format.number(run.open_count)],
        ]}
      />
    </div>
  )
}
