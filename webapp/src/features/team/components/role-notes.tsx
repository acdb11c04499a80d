import { useTranslation } from 'react-i18next'
import { Badge } from '@/components/ui/badge'
import { useTenant } from '@/lib/tenancy'
import { ROLES, ROLE_TONES } from '../roles'

/** What each role is for, and which one the reader has. */
export function RoleNotes() {
  const { t } = useTranslation('team')
  const { t: common } = useTranslation()
  const own = useTenant().role
  return (
    <ul className="mb-5 grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
      {ROLES.map((role) => (
        <li key={role} className="rounded-lg border bg-card p-4 shadow-card">
          <p className="flex flex-wrap items-center gap-2">
            <Badge tone={ROLE_TONES[role]}>{common(`roles.${role}`)}</Badge>
            {role === own && <span className="text-xs text-muted-foreground">{t('roles.own')}</span>}
          </p>
          <p className="mt-2 text-muted-foreground">{t(`about.${role}`)}</p>
        </li>
      ))}
    </ul>
  )
}
