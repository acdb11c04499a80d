import { useTranslation } from 'react-i18next'
import type { ImportOut, ReadColumnOut } from '@/api'
import { Notice } from '@/components/ui/notice'

/** What was taken from a file, and which of its columns could not be read. */
export function ReadColumns({ found: { columns } }: { found: ImportOut }) {
  const { t } = useTranslation('imports')
  if (columns.length === 0) return null
  const wrong = columns.filter((column) => column.wrong > 0)
  const nameOf = (column: ReadColumnOut) => column.heading || t('mapping.column', { number: column.column })
  return (
    <>
      {wrong.length > 0 && (
        <Notice tone="warning">
          <ul>
            {wrong.map((column) => (
              <li key={column.column}>
                {t('mapping.wrong', {
                  column: nameOf(column),
                  field: t(`mapping.fields.${column.field}`),
                  count: column.wrong,
                })}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <p className="break-words text-muted-foreground">
        {t('mapping.read')}{' '}
        {columns.map((column) => `${nameOf(column)} → ${t(`mapping.fields.${column.field}`)}`).join(' · ')}
      </p>
    </>
  )
}
