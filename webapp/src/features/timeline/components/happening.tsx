import { useTranslation } from 'react-i18next'
import type { HappeningOut, MoneyOut } from '@/api'
import type { Tone } from '@/components/ui/badge'
import { Moment } from '@/components/ui/moment'
import { cn } from '@/lib/cn'
import { useFormat } from '@/lib/use-format'
import { useSourceNames } from '@/lib/use-source-names'
import { changed, detail, keyOf, lookOf } from '../happenings'

const TONES: Record<Tone, string> = {
  neutral: 'bg-muted text-muted-foreground',
  success: 'bg-success-soft text-success',
  warning: 'bg-warning-soft text-warning',
  danger: 'bg-danger-soft text-danger',
  info: 'bg-info-soft text-info',
}

/** Where the end that is known is another one's: the subscription's that a reminder is about, that of a link that is over. */
const WITHOUT_END = ['reminded', 'gift_claimed', 'gift_expired']

interface HappeningProps {
  happening: HappeningOut
  /** Who works for the tenant, by id. */
  names: Partial<Record<string, string>>
  isLast: boolean
}

export function Happening({ happening, names, isLast }: HappeningProps) {
  const [Icon, tone] = lookOf(happening)
  const { title, facts } = useWords(happening, names)
  return (
    <li className="relative flex gap-3 pb-5 last:pb-0">
      {!isLast && <span className="absolute top-8 bottom-1 left-3.5 w-px bg-border" aria-hidden />}
      <span
        className={cn('flex size-7 shrink-0 items-center justify-center rounded-full', TONES[tone])}
        aria-hidden
      >
        <Icon className="size-4" />
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-x-4 pt-1 sm:flex-row sm:justify-between">
        <div className="min-w-0">
          <p className="font-medium">{title}</p>
          {facts.length > 0 && <p className="text-muted-foreground">{facts.join(' · ')}</p>}
        </div>
        <p className="shrink-0 text-muted-foreground sm:text-right">
          <Moment at={happening.at} />
          <span className="block text-xs">
            <Moment at={happening.at} as="time" />
          </span>
        </p>
      </div>
    </li>
  )
}

function useWords(happening: HappeningOut, names: HappeningProps['names']) {
  const { t, i18n } = useTranslation('timeline')
  const format = useFormat()
  const { nameOf } = useSourceNames()
  const exists = (key: string) => i18n.exists(`timeline:${key}`)
  const key = `what.${keyOf(happening)}`
  const title = exists(key) ? t(key as 'other') : t('other', { action: happening.action })
  const reason = detail(happening, 'reason')
  const reasonKey = `reasons.${reason}`
  const endsAt = detail(happening, 'ends_at') || changed(happening, 'ends_at')
  const actor = names[detail(happening, 'actor_id')]
  const days = daysOf(happening)
  const money = moneyOf(happening)
  const facts = [
    ...usePlans(happening),
    ...useBroadcast(happening),
    money && format.money(money),
    detail(happening, 'channel'),
    detail(happening, 'name'),
    reason && exists(reasonKey) && t(reasonKey as 'reasons.other'),
    !WITHOUT_END.includes(happening.action) && endsAt && t('until', { at: format.lastDay(endsAt) }),
    happening.source === 'users' &&
      detail(happening, 'source') &&
      t('source', { source: nameOf(detail(happening, 'source')) }),
    days > 0 && t('days', { count: days }),
    changed(happening, 'tag'),
    happening.action === 'user.changed' &&
      t(changed(happening, 'is_whitelisted') === 'true' ? 'whitelisted' : 'notWhitelisted'),
    happening.source === 'audit' && t('by', { name: actor ?? t(`actors.${actorKind(happening)}`) }),
  ].filter((fact): fact is string => typeof fact === 'string' && fact !== '')
  return { title, facts }
}

function actorKind(happening: HappeningOut): 'staff' | 'system' | 'user' | 'admin' {
  const kind = detail(happening, 'actor_kind')
  return kind === 'staff' || kind === 'system' || kind === 'user' ? kind : 'admin'
}

function daysOf(happening: HappeningOut): number {
  return changed(happening, 'period_unit') === 'day' ? Number(changed(happening, 'period_count')) : 0
}

/** The plan that it is about; of a change both plans, and what became of the time that was left. */
function usePlans(happening: HappeningOut): string[] {
  const { t } = useTranslation('timeline')
  const format = useFormat()
  const [before, after] = [detail(happening, 'plan_before'), detail(happening, 'plan')]
  if (before === '') return [after]
  const plans = t('plans', { before, after })
  if (changed(happening, 'kind') === 'same_end') return [plans, t('sameEnd')]
  const credit = Number(changed(happening, 'credit_minor'))
  if (credit === 0) return [plans]
  const sum = format.money({ amount_minor: credit, currency: changed(happening, 'currency') })
  return [plans, t('credited', { sum })]
}

/** What the team calls the broadcast that was sent, and that it may not have arrived. */
function useBroadcast(happening: HappeningOut): string[] {
  const { t } = useTranslation('timeline')
  if (happening.source !== 'broadcasts') return []
  const title = detail(happening, 'title')
  return happening.details.is_uncertain === true ? [title, t('perhapsSent')] : [title]
}

function moneyOf(happening: HappeningOut): MoneyOut | undefined {
  const currency = detail(happening, 'currency')
  return currency === '' ? undefined : { amount_minor: Number(detail(happening, 'amount_minor')), currency }
}
