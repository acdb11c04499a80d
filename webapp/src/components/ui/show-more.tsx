import { useTranslation } from 'react-i18next'
import { Button } from './button'

interface ShowMoreProps {
  /** `query` of `useTenantCursor`. */
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> }
}

export function ShowMore({ query }: ShowMoreProps) {
  const { t } = useTranslation()
  if (!query.hasNextPage) return null
  return (
    <div className="flex justify-center border-t p-3">
      <Button variant="ghost" isPending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {t('table.showMore')}
      </Button>
    </div>
  )
}
