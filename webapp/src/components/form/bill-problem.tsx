import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { useCan, useTenantPath } from '@/lib/tenancy'

/** Words for such a refusal, and the way to the page that does away with it, for whoever may see it. */
export function BillProblem({ words }: { words: string }) {
  const { t } = useTranslation()
  const can = useCan()
  const path = useTenantPath()
  return (
    <>
      {words}{' '}
      {can('billing-get') && (
        <Link to={path('/settings/billing')} className="font-medium underline">
          {t('form.toBilling')}
        </Link>
      )}
    </>
  )
}
