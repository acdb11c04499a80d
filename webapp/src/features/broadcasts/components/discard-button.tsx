import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type BroadcastOut, broadcastsDiscard } from '@/api'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { useTenantAction } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'

interface DiscardButtonProps {
  found: BroadcastOut
  onDone: () => void
}

/** Throws away what has not begun. */
export function DiscardButton({ found, onDone }: DiscardButtonProps) {
  const { t } = useTranslation(['broadcasts', 'common'])
  const can = useCan()
  const [isAsked, setIsAsked] = useState(false)
  const discard = useTenantAction(
    (path) => broadcastsDiscard({ path: { ...path, broadcast_id: found.id } }),
    {
      done: t('discard.done'),
      onDone,
    },
  )
  if (!can('broadcasts-discard')) return null
  return (
    <>
      <Button onClick={() => setIsAsked(true)}>
        <Trash2 aria-hidden />
        {t('common:actions.delete')}
      </Button>
      <AlertDialog
        isOpen={isAsked}
        onOpenChange={setIsAsked}
        title={t('discard.title', { name: found.title })}
        description={t('discard.text')}
        confirmLabel={t('common:actions.delete')}
        isPending={discard.isPending}
        onConfirm={() => discard.mutate()}
      />
    </>
  )
}
