import { useTranslation } from 'react-i18next'
import type { ExportOut } from '@/api'
import { Badge } from '@/components/ui/badge'
import { Progress } from '@/components/ui/progress'
import { useFormat } from '@/lib/use-format'
import { TONES } from '../progress'

const KNOWN = ['too_many_rows_for_xlsx', 'too_large_for_zip'] as const

export function ExportProgress({ found }: { found: ExportOut }) {
  const { t } = useTranslation('exports')
  const format = useFormat()
  const { status, rows_done, rows_total, problem } = found
  return (
    <div className="min-w-40 space-y-1.5">
      <div className="flex flex-wrap items-center justify-end gap-2 sm:justify-start">
        <Badge tone={TONES[status]}>{t(`status.${status}`)}</Badge>
        <span className="text-xs text-muted-foreground tabular-nums" role="status">
          {rows_total !== null && status === 'running'
            ? t('rowsOf', { done: format.number(rows_done), total: format.number(rows_total) })
            : t('rows', { count: rows_done })}
        </span>
      </div>
      {status === 'running' && rows_total !== null && (
        <Progress label={found.file_name} value={rows_done} max={rows_total} />
      )}
      {status === 'failed' && (
        <p className="text-danger">{t(`problems.${KNOWN.find((known) => known === problem) ?? 'other'}`)}</p>
      )}
    </div>
  )
}
