import { useTranslation } from 'react-i18next'
import { PageBody } from '@/components/layout/page-body'
import { PageHeader } from '@/components/layout/page-header'
import { Notice } from '@/components/ui/notice'
import { ForgettingCard } from '@/features/erasures/components/forgetting-card'
import { DangerZone } from '@/features/settings/components/danger-zone'
import { GeneralForm } from '@/features/settings/components/general-form'
import { RemindersForm } from '@/features/settings/components/reminders-form'
import { useTenant } from '@/lib/tenancy'

export function Page() {
  const { t } = useTranslation('settings')
  const { role } = useTenant()
  return (
    <PageBody isNarrow>
      <PageHeader title={t('title')} description={t('description')} />
      <div className="space-y-5">
        {role !== 'owner' && <Notice tone="info">{t('ownerOnly')}</Notice>}
        <GeneralForm />
        <RemindersForm />
        <ForgettingCard />
        {role === 'owner' && <DangerZone />}
      </div>
    </PageBody>
  )
}
