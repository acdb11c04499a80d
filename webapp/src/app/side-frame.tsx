import { ChevronLeft, type LucideIcon } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, NavLink, useLocation } from 'react-router-dom'
import { cn } from '@/lib/cn'
import { AccountMenu } from './account-menu'
import { PageFrame } from './page-frame'

export interface SidePage {
  to: string
  label: string
  icon: LucideIcon
  /** Only the very address counts as this page. */
  isExact?: boolean
}

interface SideFrameProps {
  title: string
  pages: readonly SidePage[]
}

/** The frame of pages outside a tenant: on the side, on phones above them, which there are. */
export function SideFrame({ title, pages }: SideFrameProps) {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const pagesBar = useRef<HTMLElement>(null)
  useEffect(() => {
    if (document.activeElement === document.body)
      document.getElementById('content')?.focus({ preventScroll: true })
    // On a phone the pages are one line that scrolls: the present one must not be outside of it.
    const bar = pagesBar.current
    const present = bar?.querySelector<HTMLElement>('[aria-current=page]')
    if (bar && present) bar.scrollLeft = present.offsetLeft - (bar.clientWidth - present.offsetWidth) / 2
  }, [pathname])
  return (
    <div className="lg:grid lg:grid-cols-[15.5rem_1fr]">
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-primary px-4 py-2 text-primary-foreground focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
      >
        {t('skipToContent')}
      </a>
      <header className="sticky top-0 z-30 flex flex-col border-b bg-background/95 px-3 pt-2 backdrop-blur lg:h-dvh lg:border-r lg:border-b-0 lg:p-3">
        <div className="flex items-center justify-between gap-4">
          <Link
            to="/"
            className="inline-flex shrink-0 items-center gap-1 rounded-md py-1 pr-2 text-muted-foreground hover:text-foreground"
          >
            <ChevronLeft className="size-4" aria-hidden />
            {t('nav.toTenant')}
          </Link>
          <div className="min-w-0 lg:hidden">
            <AccountMenu />
          </div>
        </div>
        <p className="px-1 text-base font-semibold lg:mt-4 lg:px-2.5">{title}</p>
        <nav
          ref={pagesBar}
          aria-label={title}
          className="-mx-3 mt-1 flex gap-1 overflow-x-auto px-3 lg:mx-0 lg:mt-3 lg:flex-1 lg:flex-col lg:gap-0.5 lg:overflow-y-auto lg:px-0"
        >
          {pages.map((item) => (
            <Item key={item.to} {...item} />
          ))}
        </nav>
        <div className="hidden lg:block">
          <AccountMenu />
        </div>
      </header>
      <main id="content" tabIndex={-1} className="min-h-dvh min-w-0 outline-none">
        <PageFrame />
      </main>
    </div>
  )
}

function Item({ to, label, icon: Icon, isExact = false }: SidePage) {
  return (
    <NavLink
      to={to}
      end={isExact}
      className={({ isActive }) =>
        cn(
          'flex shrink-0 items-center gap-2.5 border-b-2 border-transparent px-2.5 py-2 font-medium whitespace-nowrap transition-colors lg:rounded-md lg:border-0 lg:py-1.5',
          isActive
            ? 'border-primary text-foreground lg:bg-hover'
            : 'text-muted-foreground hover:text-foreground lg:hover:bg-hover/60',
        )
      }
    >
      <Icon className="hidden size-4.5 lg:block" aria-hidden />
      {label}
    </NavLink>
  )
}
