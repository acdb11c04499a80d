import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { channelsListOptions, membershipSweepsListOptions } from '@/api/@tanstack/react-query.gen'
import { Notice } from '@/components/ui/notice'
import { useTenantQuery } from '@/lib/requests'
import { useTenantPath } from '@/lib/tenancy'

/** Says in which channels so many would be removed that somebody has to decide; nothing where nothing waits. */
export function WaitingSweeps() {
  const { t } = useTranslation('channels')
  const path = useTenantPath()
  const sweeps = useTenantQuery((tenant) =>
    membershipSweepsListOptions({ path: tenant, query: { status: 'braked', size: 20 } }),
  )
  const waiting = (sweeps.data?.items ?? []).filter(({ status }) => status === 'braked')
  const channels = useTenantQuery((tenant) => channelsListOptions({ path: tenant, query: { size: 200 } }), {
    enabled: waiting.length > 0,
  })
  if (waiting.length === 0) return null
  return (
    <Notice tone="warning" title={t('waiting.title')} className="mb-5">
      <p>{t('waiting.text')}</p>
      <ul className="mt-2">
        {waiting.map((sweep) => (
          <li key={sweep.id}>
            <strong>{channels.data?.items.find(({ id }) => id === sweep.channel_id)?.title ?? '…'}</strong>
            {': '}
            {t('waiting.people', { count: sweep.to_remove_count })}
          </li>
        ))}
      </ul>
      <Link className="mt-2 inline-block underline" to={path('/channels')}>
        {t('waiting.open')}
      </Link>
    </Notice>
  )
}
