import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Table } from '@/api'
import { Button } from '@/components/ui/button'
import { useCan, useTenant } from '@/lib/tenancy'
import type { Asked } from '../use-figures'

/** The table as a file; the browser asks for it itself, so that it is stored and not shown. */
export function ExportButton({ table, asked }: { table: Table; asked: Asked }) {
  const { t } = useTranslation('analytics')
  const { id } = useTenant()
  const can = useCan()
  if (!can('analytics-export')) return null
  const query = new URLSearchParams({
    table,
    first_day: asked.first_day,
    last_day: asked.last_day,
    bucket: asked.bucket,
    ...(asked.is_test !== undefined && { is_test: String(asked.is_test) }),
  })
  return (
    <Button asChild size="sm">
      <a
        href={`/api/v1/tenants/${id}/analytics/export?${query.toString()}`}
        download
        aria-label={t('export.label', { table: t(`export.tables.${table}`) })}
      >
        <Download aria-hidden />
        CSV
      </a>
    </Button>
  )
}
