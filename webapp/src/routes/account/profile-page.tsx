import { useTranslation } from 'react-i18next'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { EmailCard } from '@/features/account/components/email-card'
import { LinkedCard } from '@/features/account/components/linked-card'
import { ProfileCard } from '@/features/account/components/profile-card'
import { useMe } from '@/lib/use-me'

export function Page() {
  const { t } = useTranslation('account')
  const me = useMe()
  return (
    <PageBody isNarrow>
      <PageHeader title={t('profile.title')} description={t('profile.description')} />
      <Loaded query={me} skeleton={<Skeleton className="h-96" />}>
        {(person) => (
          <div className="space-y-5">
            <ProfileCard me={person} />
            <EmailCard email={person.email} />
            <LinkedCard />
          </div>
        )}
      </Loaded>
    </PageBody>
  )
}
