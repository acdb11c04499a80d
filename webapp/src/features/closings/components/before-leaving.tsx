import { ChevronRight, CreditCard, Download, type LucideIcon, Megaphone, ReceiptText } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { useTenantPath } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'

interface BeforeLeavingProps {
  /** People with access that runs; unknown while it loads. */
  active: number | undefined
  /** Whether the platform's own subscription goes on until it is cancelled. */
  isRenewing: boolean
  /** The button that takes everything of the project along. */
  takeAlong: ReactNode
}

/** What cannot be done afterwards, and where to do it now. */
export function BeforeLeaving({ active, isRenewing, takeAlong }: BeforeLeavingProps) {
  const { t } = useTranslation('closings')
  const format = useFormat()
  return (
    <Card aria-label={t('before.title')}>
      <CardHeader title={t('before.title')} description={t('before.text')} />
      <CardBody>
        <ul className="-mx-2 space-y-1">
          <Step icon={Megaphone} to="/broadcasts/new" title={t('before.tell')}>
            {active === undefined && t('before.tellText')}
            {active === 0 && t('before.tellNone')}
            {!!active && t('before.tellCount', { count: active, shown: format.number(active) })}
          </Step>
          <Step icon={ReceiptText} to="/payments" title={t('before.refund')}>
            {t('before.refundText')}
          </Step>
          <li className="flex items-start gap-3 p-2">
            <Download className="mt-0.5 size-4 shrink-0 text-muted-foreground" aria-hidden />
            <div className="min-w-0 flex-1">
              <span className="block font-medium">{t('before.export')}</span>
              <span className="block text-muted-foreground">{t('before.exportText')}</span>
              <div className="mt-2 flex flex-wrap gap-2">{takeAlong}</div>
            </div>
          </li>
          {isRenewing && (
            <Step icon={CreditCard} to="/settings/billing" title={t('before.billing')}>
              {t('before.billingText')}
            </Step>
          )}
        </ul>
      </CardBody>
    </Card>
  )
}

interface StepProps {
  icon: LucideIcon
  to: string
  title: string
  children: ReactNode
}

function Step({ icon: Icon, to, title, children }: StepProps) {
  const path = useTenantPath()
  return (
    <li>
      <Link to={path(to)} className="flex items-start gap-3 rounded-md p-2 hover:bg-muted">
        <Icon className="mt-0.5 size-4 shrink-0 text-muted-foreground" aria-hidden />
        <span className="min-w-0 flex-1">
          <span className="block font-medium">{title}</span>
          <span className="block text-muted-foreground">{children}</span>
        </span>
        <ChevronRight className="mt-0.5 size-4 shrink-0 text-muted-foreground" aria-hidden />
      </Link>
    </li>
  )
}
