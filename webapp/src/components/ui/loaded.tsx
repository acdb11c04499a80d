import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from './error-state'

interface LoadedProps<Data> {
  query: UseQueryResult<Data>
  /** As high as the content. */
  skeleton: ReactNode
  children: (data: Data) => ReactNode
}

/** The states of whatever is no table: `<Loaded query={bot} skeleton={<Skeleton …/>}>{(bot) => …}</Loaded>`. */
export function Loaded<Data>({ query, skeleton, children }: LoadedProps<Data>) {
  const { t } = useTranslation()
  if (query.data !== undefined) return children(query.data)
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  return (
    <div aria-busy="true">
      <span className="sr-only" role="status">
        {t('loading')}
      </span>
      {skeleton}
    </div>
  )
}
