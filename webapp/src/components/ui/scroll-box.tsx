import type { ReactNode } from 'react'
import { cn } from '@/lib/cn'

interface ScrollBoxProps {
  label: string
  className?: string
  children: ReactNode
}

/** Something wider than its place, which is scrolled by keyboard too. */
export function ScrollBox({ label, className, children }: ScrollBoxProps) {
  return (
    <div
      role="region"
      aria-label={label}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard
      tabIndex={0}
      className={cn('overflow-x-auto -outline-offset-2', className)}
    >
      {children}
    </div>
  )
}
