import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BotOut } from '@/api'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { later } from '@/lib/later'

const NewCampaignForm = later(() => import('./new-campaign-form').then((file) => file.NewCampaignForm))

export function NewCampaignButton({ bots }: { bots: BotOut[] }) {
  const { t } = useTranslation('campaigns')
  const [isOpen, setIsOpen] = useState(false)
  const close = () => setIsOpen(false)
  return (
    <>
      <Button variant="primary" onClick={() => setIsOpen(true)}>
        <Plus aria-hidden />
        {t('create.open')}
      </Button>
      <Dialog isOpen={isOpen} onOpenChange={close} title={t('create.title')} description={t('create.text')}>
        <NewCampaignForm bots={bots} onDone={close} />
      </Dialog>
    </>
  )
}
