import { useTranslation } from 'react-i18next'
import { Badge } from '@/components/ui/badge'
import { startOfDay } from '@/lib/days'
import { useFormat } from '@/lib/use-format'
import { useSourceNames } from '@/lib/use-source-names'
import type { ListUrl } from '../list-url'
import { reachesOf } from '../reach'
import type { FilterChoices } from './subscribers-filters'

interface FiltersSummaryProps extends FilterChoices {
  value: ListUrl['value']
  /** Said when nothing narrows the list. */
  everybody: string
}

/** Which filters are on, in words: where they are only to be read. */
export function FiltersSummary({ value, everybody, plans, channels }: FiltersSummaryProps) {
  const { t } = useTranslation('subscribers')
  const format = useFormat()
  const { nameOf } = useSourceNames()
  const named = (rows: { id: string; title: string }[], id: string | undefined) =>
    id === undefined ? undefined : (rows.find((row) => row.id === id)?.title ?? '…')
  const either = (label: string, flag: boolean | undefined, yes: string, no: string) =>
    flag === undefined ? undefined : `${label}: ${flag ? yes : no}`
  const source = () => {
    if (value.source !== '') return t('filters.source', { source: nameOf(value.source) })
    return value.sourced === undefined
      ? undefined
      : t(value.sourced ? 'filters.sourceAny' : 'filters.sourceNone')
  }
  const day = (of: string | undefined) =>
    of === undefined ? '…' : format.date(startOfDay(of, format.timeZone))
  const words = [
    value.search === '' ? undefined : `«${value.search}»`,
    value.state && t(`state.${value.state}`),
    named(plans, value.plan),
    named(channels, value.channel),
    value.expiring &&
      `${t('filters.expiring')}: ${t('filters.expiringWithin', { count: Number(value.expiring) })}`,
    value.tag === '' ? undefined : `#${value.tag}`,
    source(),
    value.locale && `${t('filters.locale')}: ${t(`filters.locales.${value.locale}`)}`,
    either(t('filters.inside').replace('?', ''), value.inside, t('filters.insideYes'), t('filters.insideNo')),
    ...reachesOf(value).map((name) => `${t('filters.blocked')}: ${t(`filters.${name}`)}`),
    either(t('filters.free'), value.free, t('filters.freeYes'), t('filters.freeNo')),
    value.status && t('filters.subscriptionStatus', { status: t(`subscription.${value.status}`) }),
    value.bot && t('filters.oneBot'),
    (value.came_from ?? value.came_until) &&
      t('filters.cameBetween', { from: day(value.came_from), until: day(value.came_until) }),
    value.movement &&
      [
        t(`filters.movement.${value.movement}`, { from: day(value.from), until: day(value.until) }),
        ...(value.test ? [t('filters.movement.test')] : []),
      ].join(' · '),
  ].filter((word) => word !== undefined)
  if (words.length === 0) return everybody
  return (
    <span className="flex flex-wrap gap-1.5">
      {words.map((word) => (
        <Badge key={word} className="whitespace-normal">
          {word}
        </Badge>
      ))}
    </span>
  )
}
