/** A person's own data: a copy of all of it, and all of it deleted. */
import { Download, Trash2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { erasuresRequest, erasuresTell, type PersonDataOut, type UserDetailsOut } from '@/api'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { useTenantAction } from '@/lib/requests'
import { useCan, useTenantPath } from '@/lib/tenancy'
import { usePersonName } from '@/lib/use-person-name'

interface PersonalDataCardProps {
  user: UserDetailsOut
  /** How far the deletion is, once it was asked for. */
  children?: ReactNode
}

export function PersonalDataCard({ user, children }: PersonalDataCardProps) {
  const { t } = useTranslation('subscribers')
  const can = useCan()
  const path = useTenantPath()
  const isAsked = user.erasure_asked_at !== null
  return (
    <Card aria-label={t('personalData.card')}>
      <CardHeader title={t('personalData.card')} />
      <CardBody className="space-y-3">
        {children}
        <p className="text-muted-foreground">{t(isAsked ? 'personalData.kept' : 'personalData.about')}</p>
        <div className="flex flex-wrap gap-2 empty:hidden">
          {can('erasures-tell') && user.erased_at === null && <CopyOfData user={user} />}
          {can('erasures-request') && !isAsked && <Forget user={user} />}
        </div>
        {isAsked && can('erasures-list') && (
          <Link to={path('/subscribers/erasures')} className="inline-block text-info hover:underline">
            {t('personalData.all')}
          </Link>
        )}
      </CardBody>
    </Card>
  )
}

function CopyOfData({ user }: { user: UserDetailsOut }) {
  const { t } = useTranslation('subscribers')
  const tell = useTenantAction((path) => erasuresTell({ path: { ...path, user_id: user.id } }), {
    done: t('personalData.told'),
    onDone: (data) => saveAs(data, `subscriber-${user.id}.json`),
  })
  return (
    <Button size="sm" isPending={tell.isPending} onClick={() => tell.mutate()}>
      {!tell.isPending && <Download aria-hidden />}
      {t('personalData.tell')}
    </Button>
  )
}

function Forget({ user }: { user: UserDetailsOut }) {
  const { t } = useTranslation('subscribers')
  const nameOf = usePersonName()
  const [isAsking, setIsAsking] = useState(false)
  const erase = useTenantAction(
    (path) => erasuresRequest({ path: { ...path, user_id: user.id }, body: { ends_access: true } }),
    { done: t('personalData.asked'), onDone: () => setIsAsking(false) },
  )
  const ends = user.subscriptions.filter(({ status }) => status !== 'expired')
  return (
    <>
      <Button size="sm" className="text-danger" onClick={() => setIsAsking(true)}>
        <Trash2 aria-hidden />
        {t('personalData.open')}
      </Button>
      <AlertDialog
        isOpen={isAsking}
        onOpenChange={setIsAsking}
        title={t('personalData.title', { name: nameOf(user) })}
        description={
          <div className="space-y-2">
            <p>{t('personalData.text')}</p>
            <p>{t('personalData.kept')}</p>
            {ends.length > 0 && (
              <>
                <p className="font-medium text-danger">{t('personalData.ends')}</p>
                <ul className="list-disc pl-5">
                  {ends.map(({ id, plan_title }) => (
                    <li key={id}>{plan_title}</li>
                  ))}
                </ul>
              </>
            )}
          </div>
        }
        confirmLabel={t('personalData.submit')}
        typeToConfirm={nameOf(user)}
        isPending={erase.isPending}
        onConfirm={() => erase.mutate()}
      />
    </>
  )
}

function saveAs(data: PersonDataOut, name: string) {
  const address = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
