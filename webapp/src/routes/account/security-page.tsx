import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { authGetSecondFactorOptions, authListSessionsOptions } from '@/api/@tanstack/react-query.gen'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { PasswordCard } from '@/features/account/components/password-card'
import { SecondFactorCard } from '@/features/account/components/second-factor-card'
import { SessionsCard } from '@/features/account/components/sessions-card'
import { useMe } from '@/lib/use-me'

export function Page() {
  const { t } = useTranslation('account')
  const me = useMe()
  const factor = useQuery(authGetSecondFactorOptions())
  const sessions = useQuery(authListSessionsOptions())
  return (
    <PageBody isNarrow>
      <PageHeader title={t('security.title')} description={t('security.description')} />
      <div className="space-y-5">
        <Loaded query={factor} skeleton={<Skeleton className="h-28" />}>
          {(state) => <SecondFactorCard state={state} />}
        </Loaded>
        <PasswordCard hasPassword={me.data?.has_password !== false} />
        <Loaded query={sessions} skeleton={<Skeleton className="h-40" />}>
          {(found) => <SessionsCard sessions={found} />}
        </Loaded>
      </div>
    </PageBody>
  )
}
