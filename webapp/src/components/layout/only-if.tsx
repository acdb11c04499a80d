import { LockKeyhole } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Operation } from '@/api/permissions.gen'
import { Card } from '@/components/ui/card'
import { State } from '@/components/ui/state'
import { useCan, useTenant } from '@/lib/tenancy'

/** What only serves an operation: shown to whoever may do it now, and to everybody else why not. */
export function OnlyIf({ operation, children }: { operation: Operation; children: ReactNode }) {
  const { t } = useTranslation()
  const can = useCan()
  const { suspended_at, removal_at } = useTenant()
  if (can(operation)) return children
  const [title, text] =
    suspended_at !== null
      ? (['banners.suspendedTitle', 'banners.suspendedPage'] as const)
      : removal_at !== null
        ? (['banners.closingPageTitle', 'banners.closingPage'] as const)
        : (['states.forbiddenTitle', 'states.forbiddenText'] as const)
  return (
    <Card>
      <State icon={LockKeyhole} title={t(title)}>
        {t(text)}
      </State>
    </Card>
  )
}
