import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type GiftOut, giftsRevoke, giftsSend } from '@/api'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { useTenantAction } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'

/** What can be done about a gift that nobody took: send its link again, or close it for good. */
export function GiftActions({ gift }: { gift: GiftOut }) {
  const { t } = useTranslation('gifts')
  const can = useCan()
  const [isAsked, setIsAsked] = useState(false)
  const send = useTenantAction((path) => giftsSend({ path: { ...path, gift_id: gift.id } }), {
    done: t('send.done'),
  })
  const revoke = useTenantAction((path) => giftsRevoke({ path: { ...path, gift_id: gift.id } }), {
    done: t('revoke.done'),
    onDone: () => setIsAsked(false),
  })
  if (gift.status !== 'waiting') return null
  return (
    <span className="inline-flex flex-wrap gap-2">
      {can('gifts-send') && (
        <Button size="sm" isPending={send.isPending} onClick={() => send.mutate()}>
          {t('send.submit')}
        </Button>
      )}
      {can('gifts-revoke') && (
        <Button size="sm" onClick={() => setIsAsked(true)}>
          {t('revoke.open')}
        </Button>
      )}
      <AlertDialog
        isOpen={isAsked}
        onOpenChange={setIsAsked}
        title={t('revoke.title', { plan: gift.plan_title })}
        description={t('revoke.text')}
        confirmLabel={t('revoke.submit')}
        isPending={revoke.isPending}
        onConfirm={() => revoke.mutate()}
      />
    </span>
  )
}
