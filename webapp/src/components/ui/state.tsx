import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { cn } from '@/lib/cn'

interface StateProps {
  icon: LucideIcon
  title: string
  children?: ReactNode
  action?: ReactNode
  /** The whole page is about it, so its title is the page's. */
  isPage?: boolean
  className?: string
}

/** What a list or a page shows instead of its content: one picture, one sentence, one thing to do. */
export function State({ icon: Icon, title, children, action, isPage = false, className }: StateProps) {
  const Title = isPage ? 'h1' : 'p'
  return (
    <div className={cn('flex flex-col items-center justify-center px-6 py-14 text-center', className)}>
      <span className="mb-4 rounded-lg bg-muted p-3 text-muted-foreground">
        <Icon className="size-6" aria-hidden />
      </span>
      <Title className="text-base font-semibold">{title}</Title>
      {children !== undefined && (
        <div className="mt-1 max-w-md text-pretty text-muted-foreground">{children}</div>
      )}
      {action !== undefined && <div className="mt-5 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  )
}
