import { History, ShieldCheck, UserRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { SideFrame } from '@/app/side-frame'

export function Page() {
  const { t } = useTranslation('account')
  return (
    <SideFrame
      title={t('title')}
      pages={[
        { to: '/account', label: t('profile.title'), icon: UserRound, isExact: true },
        { to: '/account/security', label: t('security.title'), icon: ShieldCheck },
        { to: '/account/events', label: t('events.title'), icon: History },
      ]}
    />
  )
}
