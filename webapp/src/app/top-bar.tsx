import { Search } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { openPalette } from './overlays'
import { TenantSwitcher } from './tenant-switcher'

/** On phones and tablets, in place of the sidebar's head. */
export function TopBar() {
  const { t } = useTranslation()
  return (
    <header className="sticky top-0 z-30 flex items-center justify-between gap-2 border-b bg-background/90 px-2.5 py-1.5 backdrop-blur lg:hidden">
      <div className="max-w-[70%] min-w-0">
        <TenantSwitcher />
      </div>
      <Button variant="ghost" size="icon" aria-label={t('palette.open')} onClick={openPalette}>
        <Search aria-hidden />
      </Button>
    </header>
  )
}
