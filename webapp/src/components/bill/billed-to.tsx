import { useTranslation } from 'react-i18next'
import type { InvoicesOut } from '@/api'
import { Definitions } from '@/components/ui/definitions'

interface BilledToProps {
  papers: Pick<InvoicesOut, 'name' | 'tax_ids'>
  hint?: string
}

/** Whom the next invoice is made out to. */
export function BilledTo({ papers: { name, tax_ids }, hint }: BilledToProps) {
  const { t } = useTranslation('billing')
  return (
    <div className="space-y-2">
      <Definitions
        rows={[
          [t('invoices.name'), name || t('invoices.noName')],
          [
            t('invoices.taxIds'),
            tax_ids.length === 0 ? t('invoices.noTaxIds') : tax_ids.map(({ value }) => value).join(', '),
          ],
        ]}
      />
      {hint !== undefined && <p className="text-sm text-muted-foreground">{hint}</p>}
    </div>
  )
}
