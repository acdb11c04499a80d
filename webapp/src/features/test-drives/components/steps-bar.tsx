import { BellRing, Check, DoorClosed, DoorOpen, ShoppingBag } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { TestDriveStateOut } from '@/api'
import { cn } from '@/lib/cn'
import { useFormat } from '@/lib/use-format'
import { expectNext, formatClock } from '../timeline'
import { useServerNow } from '../use-server-now'

const ICONS = { bought: ShoppingBag, joined: DoorOpen, reminded: BellRing, expired: DoorClosed }

interface StepsBarProps {
  state: TestDriveStateOut
  /** When the state was received, by the browser's clock. */
  heardAt: number
}

/** The way of a subscriber, how long each step took, and when the next comes. */
export function StepsBar({ state, heardAt }: StepsBarProps) {
  const { t } = useTranslation('test-drives')
  const format = useFormat()
  const { drive, steps } = state
  const isRunning =
    drive.status === 'running' && !state.is_lost && steps.some((step) => step.reached_at === null)
  const now = useServerNow(state.now, heardAt, isRunning)
  const next = expectNext(state)
  const lastReached = steps.at(-1)?.reached_at
  const until = isRunning ? now : Date.parse(lastReached ?? drive.ended_at ?? state.now)
  return (
    <div className="rounded-lg border bg-card p-4 shadow-card">
      <div className="mb-3 flex items-baseline justify-between gap-4">
        <h2 className="text-base">{t('steps.title')}</h2>
        <span
          role="timer"
          aria-label={t('steps.clock')}
          className="font-mono text-base text-muted-foreground tabular-nums"
        >
          {formatClock(until - Date.parse(drive.started_at))}
        </span>
      </div>
      <ol className="grid grid-cols-4 gap-1 lg:grid-cols-1 lg:gap-0">
        {steps.map((step, index) => {
          const Icon = ICONS[step.name]
          const isReached = step.reached_at !== null
          const isNext = !isReached && steps.slice(0, index).every((before) => before.reached_at !== null)
          return (
            <li
              key={step.name}
              aria-current={isNext ? 'step' : undefined}
              className="flex min-w-0 flex-col items-center gap-1.5 text-center lg:flex-row lg:gap-3 lg:py-2 lg:text-left"
            >
              <span
                className={cn(
                  'flex size-9 shrink-0 items-center justify-center rounded-full transition-colors',
                  isReached
                    ? 'bg-success-soft text-success'
                    : isNext
                      ? 'bg-info-soft text-info'
                      : 'bg-muted text-muted-foreground',
                )}
                aria-hidden
              >
                {isReached ? <Check className="size-4.5" /> : <Icon className="size-4.5" />}
              </span>
              <span className="min-w-0 flex-1">
                <span
                  className={cn(
                    'block font-medium max-sm:text-xs',
                    !isReached && !isNext && 'text-muted-foreground',
                  )}
                >
                  {t(`steps.names.${step.name}`)}
                </span>
                <span className="block text-xs text-muted-foreground">
                  {step.seconds !== null
                    ? t('steps.took', { seconds: format.number(Math.round(step.seconds * 10) / 10) })
                    : isRunning && next?.name === step.name
                      ? t('steps.in', { clock: formatClock(next.at - now) })
                      : isNext && isRunning
                        ? t(`steps.hints.${step.name}`)
                        : ''}
                </span>
              </span>
            </li>
          )
        })}
      </ol>
    </div>
  )
}
