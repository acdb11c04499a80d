import { RotateCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type WebhookDeliveryOut, webhooksReplay } from '@/api'
import { Button } from '@/components/ui/button'
import { useTenantAction } from '@/lib/requests'

interface ReplayButtonProps {
  delivery: Pick<WebhookDeliveryOut, 'id' | 'status' | 'event_type'>
  /** Says what it does beside the icon. */
  isLabelShown?: boolean
}

/** Tells an event once more; not while it is on its way. */
export function ReplayButton({ delivery, isLabelShown = false }: ReplayButtonProps) {
  const { t } = useTranslation('api')
  const replay = useTenantAction(
    (path) => webhooksReplay({ path: { ...path, webhook_delivery_id: delivery.id } }),
    { done: t('replay.done') },
  )
  if (delivery.status === 'waiting') return null
  return (
    <Button
      variant={isLabelShown ? 'outline' : 'ghost'}
      size={isLabelShown ? 'sm' : 'icon'}
      title={t('replay.short')}
      isPending={replay.isPending}
      onClick={() => replay.mutate()}
      {...(!isLabelShown && { 'aria-label': t('replay.open', { event: delivery.event_type }) })}
    >
      {!replay.isPending && <RotateCw aria-hidden />}
      {isLabelShown && t('replay.short')}
    </Button>
  )
}
