import { Check, CircleAlert, LoaderCircle } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import type { StepOut } from '@/api'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { cn } from '@/lib/cn'
import { useCan, useTenantPath } from '@/lib/tenancy'
import type { Places } from '../places'
import { HowToBuy } from './how-to-buy'

interface ChecklistStepProps {
  step: StepOut
  place: Places[StepOut['code']]
  isNext: boolean
  botLink: string | null
}

export function ChecklistStep({ step, place, isNext, botLink }: ChecklistStepProps) {
  const { t, i18n } = useTranslation('onboarding')
  const isDone = step.state === 'done'
  // The server's words are in the account's language; the page's own may be another.
  const rights = step.missing_rights
    .map((right) => t(`rights.${right}` as 'rights.make_bot_admin', { defaultValue: right }))
    .join(', ')
  const reason = step.code === 'webhook' && step.reason === 'bot_missing' ? 'webhook_after_bot' : step.reason
  const hint = i18n.exists(`onboarding:reasons.${reason}`)
    ? t(`reasons.${reason}` as 'reasons.bot_missing', { rights })
    : step.hint
  return (
    <li
      aria-current={isNext ? 'step' : undefined}
      className={cn('flex gap-3 px-4 py-3 sm:px-5', isNext && 'bg-info-soft/50')}
    >
      <Mark state={step.state} />
      <div className="flex min-w-0 flex-1 flex-col gap-3 sm:flex-row">
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className={cn('font-medium', isDone && 'text-muted-foreground')}>
              {t(`steps.${step.code}`)}
            </span>
            <StateBadge state={step.state} isNext={isNext} />
          </div>
          {!isDone && <p className="mt-0.5 max-w-prose text-muted-foreground">{hint}</p>}
          {!isDone && step.code === 'test_purchase' && <HowToBuy />}
        </div>
        {!isDone && <Ways step={step} place={place} isNext={isNext} botLink={botLink} />}
      </div>
    </li>
  )
}

/** Where the step is done. */
function Ways({ step, place, isNext, botLink }: ChecklistStepProps) {
  const { t } = useTranslation('onboarding')
  const path = useTenantPath()
  const can = useCan()
  const opensBot = step.code === 'test_purchase' && botLink !== null
  const go = t(step.code === 'test_purchase' ? 'testDrive' : 'go')
  return (
    <div className="flex shrink-0 flex-wrap content-start gap-2 empty:hidden sm:justify-end">
      {opensBot && (
        <Button asChild size="sm" variant={isNext ? 'primary' : 'outline'}>
          <a href={botLink} target="_blank" rel="noreferrer">
            {t('howTo.toBot')}
          </a>
        </Button>
      )}
      {place && ('accountPath' in place || can(place.needs)) && (
        <Button asChild size="sm" variant={isNext && !opensBot ? 'primary' : 'outline'}>
          <Link
            to={'accountPath' in place ? place.accountPath : path(place.path)}
            aria-label={`${go}: ${t(`steps.${step.code}`)}`}
          >
            {go}
          </Link>
        </Button>
      )}
    </div>
  )
}

function StateBadge({ state, isNext }: { state: StepOut['state']; isNext: boolean }) {
  const { t } = useTranslation('onboarding')
  if (state === 'failed') return <Badge tone="danger">{t('states.failed')}</Badge>
  if (state === 'waiting') return <Badge tone="info">{t('states.waiting')}</Badge>
  if (state === 'to_do' && isNext) return <Badge tone="info">{t('states.next')}</Badge>
  return <span className="sr-only">{t(`states.${state}`)}</span>
}

function Mark({ state }: { state: StepOut['state'] }) {
  const look = 'mt-px flex size-5 shrink-0 items-center justify-center rounded-full'
  if (state === 'done')
    return (
      <span className={cn(look, 'bg-success-soft text-success')} aria-hidden>
        <Check className="size-3.5" />
      </span>
    )
  if (state === 'failed') return <CircleAlert className={cn(look, 'text-danger')} aria-hidden />
  if (state === 'waiting') return <LoaderCircle className={cn(look, 'animate-spin text-info')} aria-hidden />
  return <span className={cn(look, 'border-2 border-input')} aria-hidden />
}
