import { Check, Minus } from 'lucide-react'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import type { PermissionOut } from '@/api'
import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { Hint } from '@/components/ui/tooltip'
import { useIsPhone } from '@/lib/use-media'
import { ROLES, ROLE_TONES } from '../roles'

/** Every operation of the API in words, and who may do it: straight from the server's one table. */
export function RoleMatrix({ permissions }: { permissions: readonly PermissionOut[] }) {
  const isPhone = useIsPhone()
  const groups = new Map<string, PermissionOut[]>()
  for (const row of permissions) {
    const [noun = ''] = row.operation.split('-')
    groups.set(noun, [...(groups.get(noun) ?? []), row])
  }
  const Shown = isPhone ? Lists : Table
  return (
    <Card>
      <Shown groups={[...groups]} />
    </Card>
  )
}

interface GroupsProps {
  groups: readonly [string, PermissionOut[]][]
}

function Table({ groups }: GroupsProps) {
  const { t } = useTranslation('team')
  const { t: common } = useTranslation()
  return (
    <table className="w-full">
      <caption className="sr-only">{t('roles.title')}</caption>
      <thead className="sticky top-0 z-10 bg-card shadow-[0_1px_0_var(--border)]">
        <tr>
          <th scope="col" className="px-4 py-2.5 text-left font-medium text-muted-foreground">
            {t('roles.operation')}
          </th>
          {ROLES.map((role) => (
            <th key={role} scope="col" className="w-30 px-2 py-2.5 text-center font-medium">
              {common(`roles.${role}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {groups.map(([noun, rows]) => (
          <Fragment key={noun}>
            <tr className="border-t bg-muted/50">
              <th
                scope="colgroup"
                colSpan={5}
                className="px-4 py-2 text-left text-xs font-medium text-muted-foreground"
              >
                <Noun noun={noun} />
              </th>
            </tr>
            {rows.map((row) => (
              <tr key={row.operation} className="border-t hover:bg-hover/40">
                <th scope="row" className="px-4 py-2 text-left font-normal">
                  <Words permission={row} />
                </th>
                {ROLES.map((role) => (
                  <td key={role} className="px-2 text-center">
                    <Mark isAllowed={row.roles.includes(role)} />
                  </td>
                ))}
              </tr>
            ))}
          </Fragment>
        ))}
      </tbody>
    </table>
  )
}

function Lists({ groups }: GroupsProps) {
  const { t: common } = useTranslation()
  return groups.map(([noun, rows]) => (
    <section key={noun} className="border-b last:border-b-0">
      <h2 className="bg-muted/50 px-4 py-2 text-xs font-medium text-muted-foreground">
        <Noun noun={noun} />
      </h2>
      <ul className="divide-y">
        {rows.map((row) => (
          <li key={row.operation} className="px-4 py-2.5">
            <Words permission={row} />
            <span className="mt-1.5 flex flex-wrap gap-1">
              {ROLES.filter((role) => row.roles.includes(role)).map((role) => (
                <Badge key={role} tone={ROLE_TONES[role]}>
                  {common(`roles.${role}`)}
                </Badge>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  ))
}

function Noun({ noun }: { noun: string }) {
  const { t, i18n } = useTranslation('team')
  const key = `nouns.${noun}`
  return i18n.exists(`team:${key}`) ? t(key as 'nouns.bots') : noun
}

function Words({ permission: { operation, needs_proof } }: { permission: PermissionOut }) {
  const { t, i18n } = useTranslation('team')
  const key = `operations.${operation.replace('-', '.')}`
  return (
    <span className="inline-flex items-center gap-2">
      {i18n.exists(`team:${key}`) ? t(key as 'operations.bots.list') : <code>{operation}</code>}
      {needs_proof && <Hint text={t('roles.needsProof')} label={t('roles.needsProof')} />}
    </span>
  )
}

function Mark({ isAllowed }: { isAllowed: boolean }) {
  const { t } = useTranslation('team')
  const Icon = isAllowed ? Check : Minus
  return (
    <>
      <Icon className={isAllowed ? 'inline size-4.5 text-success' : 'inline size-4 text-input'} aria-hidden />
      <span className="sr-only">{t(isAllowed ? 'roles.yes' : 'roles.no')}</span>
    </>
  )
}
