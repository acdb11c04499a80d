import { useTranslation } from 'react-i18next'
import type { TeamMemberOut } from '@/api'
import { Badge } from '@/components/ui/badge'
import { Card, CardBody, CardHeader } from '@/components/ui/card'

export function MembersCard({ members }: { members: readonly TeamMemberOut[] }) {
  const { t } = useTranslation('staff')
  const { t: common, i18n } = useTranslation()
  const roleOf = (role: string) =>
    i18n.exists(`common:roles.${role}`) ? common(`roles.${role}` as 'roles.owner') : role
  return (
    <Card>
      <CardHeader title={t('members.title')} />
      <CardBody>
        <ul className="divide-y rounded-md border">
          {members.map((member) => (
            <li key={member.admin_id} className="flex items-center justify-between gap-3 px-3 py-2.5">
              <div className="min-w-0">
                <p className="truncate font-medium">{member.name}</p>
                <p className="truncate text-muted-foreground">{member.email ?? '—'}</p>
              </div>
              <Badge>{roleOf(member.role)}</Badge>
            </li>
          ))}
        </ul>
      </CardBody>
    </Card>
  )
}
