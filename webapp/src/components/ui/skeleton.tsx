import { cn } from '@/lib/cn'

/** Holds the place of what is loading; as high as what comes. */
export function Skeleton({ className }: { className?: string }) {
  return <div className={cn('animate-pulse rounded-md bg-muted', className)} aria-hidden />
}
