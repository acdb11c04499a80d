import {
  Archive,
  Building2,
  Eye,
  ListOrdered,
  ScrollText,
  ShieldCheck,
  ToggleLeft,
  Wallet,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { NotFound } from '@/app/not-found'
import { SideFrame } from '@/app/side-frame'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { FactorNeeded } from '@/features/staff/components/factor-needed'
import { useMe } from '@/lib/use-me'

export function Page() {
  const { t } = useTranslation('staff')
  const me = useMe()
  return (
    <Loaded query={me} skeleton={<Skeleton className="h-dvh" />}>
      {({ is_staff, has_second_factor }) => {
        if (!is_staff) return <NotFound isAlone />
        if (!has_second_factor) return <FactorNeeded />
        return (
          <SideFrame
            title={t('title')}
            pages={[
              { to: '/staff/tenants', label: t('tenants.title'), icon: Building2 },
              { to: '/staff/revenue', label: t('revenue.title'), icon: Wallet },
              { to: '/staff/features', label: t('features.title'), icon: ToggleLeft },
              { to: '/staff/queues', label: t('queues.title'), icon: ListOrdered },
              { to: '/staff/set-aside', label: t('setAside.title'), icon: Archive },
              { to: '/staff/invariants', label: t('invariants.title'), icon: ShieldCheck },
              { to: '/staff/views', label: t('views.title'), icon: Eye },
              { to: '/staff/audit', label: t('audit.title'), icon: ScrollText },
            ]}
          />
        )
      }}
    </Loaded>
  )
}
