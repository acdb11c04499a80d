import { Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { botsListOptions, promoCodesListOptions } from '@/api/@tanstack/react-query.gen'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { later } from '@/lib/later'
import { useTenantQuery } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'

const CallsForm = later(() =>
  import('@/features/broadcasts/components/calls-form').then((file) => file.CallsForm),
)

/** The button that has drafts written for those whose access ended. Without a bot there is nothing to write from. */
export function CallBack() {
  const { t } = useTranslation('broadcasts')
  const can = useCan()
  const [isOpen, setIsOpen] = useState(false)
  const bots = useTenantQuery((path) => botsListOptions({ path, query: { size: 100 } }))
  const codes = useTenantQuery((path) => promoCodesListOptions({ path, query: { size: 200 } }), {
    enabled: isOpen,
  })
  const living = bots.data?.items.filter(({ status }) => status !== 'deleted') ?? []
  if (!can('broadcasts-create_for_expired') || living.length === 0) return null
  return (
    <>
      <Button onClick={() => setIsOpen(true)}>
        <Undo2 aria-hidden />
        {t('calls.open')}
      </Button>
      <Dialog isOpen={isOpen} onOpenChange={setIsOpen} title={t('calls.title')} description={t('calls.text')}>
        <CallsForm bots={living} codes={codes.data?.items ?? []} onClose={() => setIsOpen(false)} />
      </Dialog>
    </>
  )
}
