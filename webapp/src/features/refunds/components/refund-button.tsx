import { Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MoneyOut } from '@/api'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { later } from '@/lib/later'
import { useCan } from '@/lib/tenancy'

const RefundForm = later(() => import('./refund-form').then((file) => file.RefundForm))

interface RefundButtonProps {
  paymentId: string
  /** What can still go back; nothing where the payment cannot be refunded at all. */
  left: MoneyOut | null | undefined
  /** The shop that took the money, where it is not connected any more. */
  goneShopId: string | null | undefined
}

export function RefundButton({ paymentId, left, goneShopId }: RefundButtonProps) {
  const { t } = useTranslation('refunds')
  const can = useCan()
  const [isOpen, setIsOpen] = useState(false)
  if (!can('refunds-create') || !left || left.amount_minor === 0 || goneShopId) return null
  return (
    <>
      <Button onClick={() => setIsOpen(true)}>
        <Undo2 aria-hidden />
        {t('form.open')}
      </Button>
      <Dialog isOpen={isOpen} onOpenChange={setIsOpen} title={t('form.title')} description={t('form.text')}>
        <RefundForm paymentId={paymentId} left={left} onDone={() => setIsOpen(false)} />
      </Dialog>
    </>
  )
}
