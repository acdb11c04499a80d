import { useTranslation } from 'react-i18next'
import { Skeleton } from '@/components/ui/skeleton'

interface LoadingRowsProps {
  label: string
  columns: number
  rows: number
  isPhone: boolean
}

/** As high as the rows that come, so that nothing jumps. */
export function LoadingRows({ label, columns, rows, isPhone }: LoadingRowsProps) {
  const { t } = useTranslation()
  return (
    <div>
      <p role="status" className="sr-only">
        {label}: {t('loading')}
      </p>
      {!isPhone && <div className="h-9 border-b" />}
      {Array.from({ length: rows }, (_, row) => (
        <div
          key={row}
          className={isPhone ? 'space-y-2 border-b px-4 py-3' : 'flex h-13 items-center gap-8 border-b px-4'}
        >
          {Array.from({ length: isPhone ? 3 : columns }, (_unused, column) => (
            <Skeleton key={column} className={column === 0 ? 'h-4 w-40' : 'h-4 w-24'} />
          ))}
        </div>
      ))}
    </div>
  )
}
