import { Ellipsis } from 'lucide-react'
import { Suspense, lazy } from 'react'
import { useTranslation } from 'react-i18next'
import { NavLink } from 'react-router-dom'
import { cn } from '@/lib/cn'
import { useTenantPath } from '@/lib/tenancy'
import { showOverlay, useOverlay } from './overlays'
import { useSections } from './use-sections'

const PhoneMore = lazy(() => import('./phone-more'))

const ITEM = 'flex min-w-0 flex-1 flex-col items-center gap-0.5 rounded-md py-1.5 text-[0.625rem] font-medium'

/** Under 1024 px: the main sections under the thumb, everything else under "More". */
export function PhoneBar() {
  const { t } = useTranslation()
  const sections = useSections().filter(({ isOnPhoneBar }) => isOnPhoneBar)
  const path = useTenantPath()
  const overlay = useOverlay()
  return (
    <nav
      aria-label={t('nav.label')}
      className="fixed inset-x-0 bottom-0 z-30 flex border-t bg-card/95 px-1.5 pt-1 pb-[max(0.25rem,env(safe-area-inset-bottom))] backdrop-blur lg:hidden"
    >
      {sections.map(({ path: to, name, icon: Icon }) => (
        <NavLink
          key={to}
          to={path(to)}
          end={to === ''}
          className={({ isActive }) => cn(ITEM, isActive ? 'text-info' : 'text-muted-foreground')}
        >
          <Icon className="size-5" aria-hidden />
          <span className="max-w-full truncate">{t(`nav.${name}`)}</span>
        </NavLink>
      ))}
      <button type="button" className={cn(ITEM, 'text-muted-foreground')} onClick={() => showOverlay('more')}>
        <Ellipsis className="size-5" aria-hidden />
        {t('nav.more')}
      </button>
      {overlay === 'more' && (
        <Suspense>
          <PhoneMore />
        </Suspense>
      )}
    </nav>
  )
}
