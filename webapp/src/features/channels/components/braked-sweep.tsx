import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type SweepOut, membershipSweepsConfirm, membershipSweepsKeep } from '@/api'
import { membershipSweepsListPeopleOptions } from '@/api/@tanstack/react-query.gen'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { useTenantAction, useTenantQuery } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'

const SHOWN = 5

/** So many would be removed that somebody has to say whether they are. */
export function BrakedSweep({ sweep }: { sweep: SweepOut }) {
  const { t } = useTranslation('channels')
  const can = useCan()
  const [asked, setAsked] = useState<'confirm' | 'keep'>()
  const count = sweep.to_remove_count
  const body = { people: count }
  const close = () => setAsked(undefined)
  const confirm = useTenantAction(
    (path) => membershipSweepsConfirm({ path: { ...path, sweep_id: sweep.id }, body }),
    { done: t('brake.confirmed'), onDone: close },
  )
  const keep = useTenantAction(
    (path) => membershipSweepsKeep({ path: { ...path, sweep_id: sweep.id }, body }),
    { done: t('brake.kept'), onDone: close },
  )
  const action = asked === 'keep' ? keep : confirm
  return (
    <Notice
      tone="warning"
      title={t('brake.title', { count })}
      actions={
        can('membership_sweeps-confirm') && (
          <>
            <Button size="sm" variant="danger" onClick={() => setAsked('confirm')}>
              {t('brake.confirm')}
            </Button>
            <Button size="sm" onClick={() => setAsked('keep')}>
              {t('brake.keep')}
            </Button>
          </>
        )
      }
    >
      <p>{t('brake.text', { count: sweep.inside_count })}</p>
      <Some sweep={sweep} />
      <AlertDialog
        isOpen={asked !== undefined}
        onOpenChange={close}
        title={t(asked === 'keep' ? 'brake.keepTitle' : 'brake.confirmTitle', { count })}
        description={t(asked === 'keep' ? 'brake.keepText' : 'brake.confirmText')}
        confirmLabel={t(asked === 'keep' ? 'brake.keep' : 'brake.confirm')}
        tone={asked === 'keep' ? 'primary' : 'danger'}
        isPending={action.isPending}
        onConfirm={() => action.mutate()}
      />
    </Notice>
  )
}

function Some({ sweep }: { sweep: SweepOut }) {
  const { t } = useTranslation('channels')
  const people = useTenantQuery((tenant) =>
    membershipSweepsListPeopleOptions({ path: { ...tenant, sweep_id: sweep.id }, query: { size: SHOWN } }),
  )
  const names = people.data?.items.map(
    ({ first_name, last_name, telegram_id }) => `${first_name} ${last_name}`.trim() || String(telegram_id),
  )
  if (names === undefined || names.length === 0) return null
  const rest = sweep.to_remove_count - names.length
  return (
    <p className="mt-1">
      {names.join(', ')}
      {rest > 0 && ` ${t('brake.more', { count: rest })}`}
    </p>
  )
}
