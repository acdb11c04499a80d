import { ChevronLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'react-router-dom'
import { useTitle } from '@/lib/use-title'

interface PageHeaderProps {
  /** Also the title of the browser's tab. */
  title: string
  description?: ReactNode
  /** Shown beside the title: a badge. */
  badge?: ReactNode
  /** The page's main buttons. */
  actions?: ReactNode
  back?: { to: string; label: string }
}

export function PageHeader({ title, description, badge, actions, back }: PageHeaderProps) {
  useTitle(title)
  return (
    <header className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3 sm:mb-6 sm:flex-nowrap">
      <div className="min-w-0">
        {back !== undefined && (
          <Link
            to={back.to}
            className="mb-1 -ml-1 inline-flex items-center gap-0.5 py-1 text-muted-foreground hover:text-foreground"
          >
            <ChevronLeft className="size-4" aria-hidden />
            {back.label}
          </Link>
        )}
        <div className="flex flex-wrap items-center gap-2.5">
          <h1 className="text-xl sm:text-2xl">{title}</h1>
          {badge}
        </div>
        {description !== undefined && (
          <p className="mt-1 max-w-3xl text-pretty text-muted-foreground">{description}</p>
        )}
      </div>
      {actions !== undefined && (
        <div className="flex max-w-full flex-wrap items-center gap-2 sm:shrink-0">{actions}</div>
      )}
    </header>
  )
}
