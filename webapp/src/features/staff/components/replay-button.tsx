import { RotateCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { useAction } from '@/lib/requests'

interface ReplayButtonProps {
  label: string
  send: () => Promise<{ data: unknown }>
}

/** Puts what was set aside back to work. */
export function ReplayButton({ label, send }: ReplayButtonProps) {
  const { t } = useTranslation('staff')
  const replay = useAction(send, { done: t('setAside.replayed') })
  return (
    <Button size="sm" isPending={replay.isPending} onClick={() => replay.mutate()}>
      {!replay.isPending && <RotateCw aria-hidden />}
      {label}
    </Button>
  )
}
