import { Search } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { NavLink, useLocation } from 'react-router-dom'
import { cn } from '@/lib/cn'
import { useTenantPath } from '@/lib/tenancy'
import { AccountMenu } from './account-menu'
import { GROUPS } from './navigation'
import { openPalette } from './overlays'
import { TenantSwitcher } from './tenant-switcher'
import { useSections } from './use-sections'

const isMac = /mac/i.test(navigator.userAgent)

/** As high as the fade at the end of the list (`fade-block`), under which the present section must not lie. */
const FADE = 28

export function Sidebar() {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const list = useRef<HTMLElement>(null)
  useEffect(() => {
    const box = list.current
    const present = box?.querySelector<HTMLElement>('[aria-current=page]')
    if (!box || !present) return
    const { top, bottom } = present.getBoundingClientRect()
    const place = box.getBoundingClientRect()
    if (bottom > place.bottom - FADE) box.scrollTop += bottom - place.bottom + FADE
    else if (top < place.top + FADE) box.scrollTop -= place.top + FADE - top
  }, [pathname])
  return (
    <div className="sticky top-0 hidden h-dvh flex-col border-r bg-background p-3 lg:flex">
      <TenantSwitcher />
      <button
        type="button"
        onClick={openPalette}
        className="mt-3 flex items-center gap-2 rounded-md border bg-card px-2.5 py-1.5 text-muted-foreground shadow-card hover:text-foreground"
      >
        <Search className="size-4" aria-hidden />
        <span className="flex-1 text-left">{t('palette.open')}</span>
        <kbd className="text-xs pointer-coarse:hidden">{isMac ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      <nav ref={list} aria-label={t('nav.label')} className="fade-block flex-1 space-y-5 overflow-y-auto">
        <SectionGroups />
      </nav>
      <AccountMenu />
    </div>
  )
}

/** The sections under their headings; also the phone's "More". */
export function SectionGroups({ onChosen }: { onChosen?: () => void }) {
  const { t } = useTranslation()
  const sections = useSections()
  const path = useTenantPath()
  return GROUPS.map((group) => {
    const own = sections.filter((section) => section.group === group)
    if (!own.length) return null
    return (
      <div key={group}>
        <p className="px-2.5 pb-1 text-xs font-medium text-muted-foreground">{t(`nav.${group}`)}</p>
        <ul className="space-y-0.5">
          {own.map(({ path: to, name, icon: Icon }) => (
            <li key={to}>
              <NavLink
                to={path(to)}
                end={to === ''}
                onClick={onChosen}
                className={({ isActive }) =>
                  cn(
                    'flex items-center gap-2.5 rounded-md px-2.5 py-1.5 font-medium transition-colors',
                    isActive
                      ? 'bg-hover text-foreground'
                      : 'text-muted-foreground hover:bg-hover/60 hover:text-foreground',
                  )
                }
              >
                {({ isActive }) => (
                  <>
                    <Icon className={cn('size-4.5 shrink-0', isActive && 'text-info')} aria-hidden />
                    {t(`nav.${name}`)}
                  </>
                )}
              </NavLink>
            </li>
          ))}
        </ul>
      </div>
    )
  })
}
