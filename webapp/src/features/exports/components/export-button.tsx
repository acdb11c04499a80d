import { Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExportIn } from '@/api'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { later } from '@/lib/later'
import { useCan } from '@/lib/tenancy'
import { toQueryString } from '@/lib/query-string'

const ExportForm = later(() => import('./export-form').then((file) => file.ExportForm))

interface ExportButtonProps {
  kind: ExportIn['kind']
  /** Of the list at hand: the file has the same rows. */
  filters: Parameters<typeof toQueryString>[0]
}

export function ExportButton({ kind, filters }: ExportButtonProps) {
  const { t } = useTranslation('exports')
  const can = useCan()
  const [isOpen, setIsOpen] = useState(false)
  if (!can('exports-request')) return null
  const query = toQueryString(filters)
  return (
    <>
      <Button onClick={() => setIsOpen(true)}>
        <Download aria-hidden />
        {t('request.open')}
      </Button>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title={t(`request.title.${kind}`)}
        description={t(query === '' ? 'request.all' : 'request.filtered')}
      >
        <ExportForm kind={kind} query={query} onClose={() => setIsOpen(false)} />
      </Dialog>
    </>
  )
}
