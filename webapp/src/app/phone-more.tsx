import { useTranslation } from 'react-i18next'
import { Sheet } from '@/components/ui/sheet'
import { AccountMenu } from './account-menu'
import { showOverlay } from './overlays'
import { SectionGroups } from './sidebar'

const close = () => showOverlay(undefined)

export default function PhoneMore() {
  const { t } = useTranslation()
  return (
    <Sheet isOpen onOpenChange={close} title={t('nav.label')}>
      <nav aria-label={t('nav.more')} className="space-y-5">
        <SectionGroups onChosen={close} />
      </nav>
      <div className="mt-5 border-t pt-3">
        <AccountMenu />
      </div>
    </Sheet>
  )
}
