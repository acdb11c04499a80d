import type { ReactNode } from 'react'
import { cn } from '@/lib/cn'

/** A page's measure: wide for lists, narrow for forms and settings. */
export function PageBody({ isNarrow = false, children }: { isNarrow?: boolean; children: ReactNode }) {
  return (
    <div
      className={cn('mx-auto w-full px-4 py-5 sm:px-6 sm:py-8 lg:px-8', isNarrow ? 'max-w-3xl' : 'max-w-6xl')}
    >
      {children}
    </div>
  )
}
