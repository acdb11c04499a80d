import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import type { PeriodUrl } from '../period'
import { KindNotice } from './kind-notice'

interface FiguresProps<Data> {
  query: UseQueryResult<Data>
  url: PeriodUrl
  children: (data: Data) => ReactNode
}

/** The states of one part of the analytics; while another period loads, the one before stays, paler. */
export function Figures<Data extends { is_test: boolean; has_other: boolean }>({
  query,
  url,
  children,
}: FiguresProps<Data>) {
  return (
    <Loaded query={query} skeleton={<Skeleton className="h-112" />}>
      {(data) => (
        <div
          aria-busy={query.isPlaceholderData}
          className={query.isPlaceholderData ? 'opacity-60 transition-opacity' : undefined}
        >
          <KindNotice url={url} view={data} />
          {children(data)}
        </div>
      )}
    </Loaded>
  )
}
