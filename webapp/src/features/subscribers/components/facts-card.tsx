import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import type { MembershipOut, UserDetailsOut } from '@/api'
import { Badge } from '@/components/ui/badge'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Definitions } from '@/components/ui/definitions'
import { Moment } from '@/components/ui/moment'
import { useTenantPath } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'
import { useSourceNames } from '@/lib/use-source-names'
import { PLACE_TONES, placeOf } from '../places'

export function FactsCard({ user }: { user: UserDetailsOut }) {
  const { t } = useTranslation(['subscribers', 'common'])
  const format = useFormat()
  const { nameOf, hintOf } = useSourceNames()
  const path = useTenantPath()
  const isForgotten = user.erasure_asked_at !== null
  const seen = (
    <span key="seen">
      <Moment at={user.last_seen_at} fallback={t('facts.notSeen')} />
      {user.reach === 'not_started' && !isForgotten && (
        <span className="block text-xs text-muted-foreground">{t('facts.notStarted')}</span>
      )}
    </span>
  )
  const spoken = t(`common:account.languages.${user.locale === 'en' ? 'en' : 'ru'}`)
  // Of who was forgotten nothing is told but what the books need.
  const isKnown = user.erased_at === null
  const lastSeen = isKnown ? [[t('columns.lastSeen'), seen] as const] : []
  const language = isKnown ? [[t('facts.language'), spoken] as const] : []
  return (
    <Card aria-label={t('facts.title')}>
      <CardHeader title={t('facts.title')} />
      <CardBody className="space-y-4">
        <Definitions
          rows={[
            [
              t('facts.paid'),
              user.paid.length === 0 ? (
                <span key="paid" className="text-muted-foreground">
                  {t('facts.nothing')}
                </span>
              ) : (
                <span key="paid">
                  {user.paid.map(({ total, count }) => (
                    <Link
                      key={total.currency}
                      to={path(`/payments?user=${user.id}&status=succeeded`)}
                      className="block font-medium text-info tabular-nums hover:underline"
                    >
                      {format.money(total)}{' '}
                      <span className="block text-xs font-normal">{t('facts.payments', { count })}</span>
                    </Link>
                  ))}
                </span>
              ),
            ],
            [t('columns.created'), <Moment key="created" at={user.created_at} as="date" />],
            ...lastSeen,
            [
              t('columns.source'),
              <span key="source" title={hintOf(user.source)}>
                {nameOf(user.source) || '—'}
              </span>,
            ],
            ...language,
            ...(user.blocked_bot_at === null
              ? []
              : ([[t('states.blocked'), <Moment key="blocked" at={user.blocked_bot_at} />]] as const)),
          ]}
        />
        {user.memberships.length > 0 && (
          <Memberships memberships={user.memberships} canWrite={user.reach === 'open'} />
        )}
      </CardBody>
    </Card>
  )
}

interface MembershipsProps {
  memberships: MembershipOut[]
  /** Whether the bot can: a link can be sent to nobody else. */
  canWrite: boolean
}

function Memberships({ memberships, canWrite }: MembershipsProps) {
  const { t } = useTranslation('subscribers')
  return (
    <div>
      <h3 className="mb-2 text-muted-foreground">{t('places.title')}</h3>
      <ul className="space-y-2">
        {memberships.map((membership) => {
          const place = placeOf(membership)
          return (
            <li key={membership.channel_id}>
              <span className="flex items-start justify-between gap-2">
                <span className="min-w-0">{membership.channel_title}</span>
                <Badge tone={PLACE_TONES[place]}>{t(`places.states.${place}`)}</Badge>
              </span>
              <span className="block text-xs text-muted-foreground">
                {place !== 'inside' && (canWrite || place !== 'missing') && t(`places.meaning.${place}`)}
                {place === 'inside' && membership.joined_at !== null && (
                  <>
                    {t('places.joined')} <Moment at={membership.joined_at} as="date" />
                  </>
                )}
              </span>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
