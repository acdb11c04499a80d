import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type BroadcastRecipientOut, broadcastsResendTo } from '@/api'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { useTenantAction } from '@/lib/requests'

interface AgainButtonProps {
  broadcastId: string
  row: BroadcastRecipientOut
}

/** Writes to one person again; who may have got the message already is asked about first. */
export function AgainButton({ broadcastId, row }: AgainButtonProps) {
  const { t } = useTranslation('broadcasts')
  const [isAsked, setIsAsked] = useState(false)
  const again = useTenantAction(
    (path) => broadcastsResendTo({ path: { ...path, broadcast_id: broadcastId, user_id: row.user_id } }),
    { done: t('again.done'), onDone: () => setIsAsked(false) },
  )
  const name = row.name || String(row.telegram_id)
  const isUncertain = row.state === 'uncertain'
  return (
    <>
      <Button
        size="sm"
        aria-label={t('again.one.openFor', { name })}
        isPending={again.isPending}
        onClick={() => (isUncertain ? setIsAsked(true) : again.mutate())}
      >
        {t('again.one.open')}
      </Button>
      <AlertDialog
        isOpen={isAsked}
        onOpenChange={setIsAsked}
        title={t('again.one.ask', { name })}
        description={t('again.one.warning')}
        confirmLabel={t('again.uncertain.open')}
        isPending={again.isPending}
        onConfirm={() => again.mutate()}
      />
    </>
  )
}
