import { Archive } from 'lucide-react'
import { type ComponentProps, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { later } from '@/lib/later'
import { useCan } from '@/lib/tenancy'

const WholeExportForm = later(() => import('./whole-export-form').then((file) => file.WholeExportForm))

/** Everything of the project as one archive, for its owner. */
export function WholeExportButton(look: Pick<ComponentProps<typeof Button>, 'size' | 'variant'>) {
  const { t } = useTranslation('exports')
  const can = useCan()
  const [isOpen, setIsOpen] = useState(false)
  if (!can('exports-request_whole')) return null
  return (
    <>
      <Button {...look} onClick={() => setIsOpen(true)}>
        <Archive aria-hidden />
        {t('whole.open')}
      </Button>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title={t('whole.title')}
        description={t('whole.description')}
      >
        <WholeExportForm onClose={() => setIsOpen(false)} />
      </Dialog>
    </>
  )
}
