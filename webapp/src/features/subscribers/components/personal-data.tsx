/** A person's own data: a copy of all of it, and all of it deleted. */
import { Download, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { erasuresRequest, erasuresTell, type PersonDataOut, type UserDetailsOut } from '@/api'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { MenuItem } from '@/components/ui/dropdown-menu'
import { useTenantAction } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'
import { nameOf } from '../names'

/** The two entries of the menu, and the question that belongs to the second. */
export function usePersonalData(user: UserDetailsOut) {
  const { t } = useTranslation('subscribers')
  const can = useCan()
  const [isAsking, setIsAsking] = useState(false)
  const tell = useTenantAction((path) => erasuresTell({ path: { ...path, user_id: user.id } }), {
    done: t('personalData.told'),
    onDone: (data) => saveAs(data, `subscriber-${user.id}.json`),
  })
  const erase = useTenantAction(
    (path) => erasuresRequest({ path: { ...path, user_id: user.id }, body: { ends_access: true } }),
    { done: t('personalData.asked'), onDone: () => setIsAsking(false) },
  )
  const ends = user.subscriptions.filter(({ status }) => status !== 'expired')
  const mayTell = can('erasures-tell')
  const mayErase = can('erasures-request') && user.erasure_asked_at === null
  return {
    isEmpty: !mayTell && !mayErase,
    items: (
      <>
        {mayTell && (
          <MenuItem onSelect={() => tell.mutate()}>
            <Download aria-hidden />
            {t('personalData.tell')}
          </MenuItem>
        )}
        {mayErase && (
          <MenuItem tone="danger" onSelect={() => setIsAsking(true)}>
            <Trash2 aria-hidden />
            {t('personalData.open')}
          </MenuItem>
        )}
      </>
    ),
    dialog: (
      <AlertDialog
        isOpen={isAsking}
        onOpenChange={setIsAsking}
        title={t('personalData.title', { name: nameOf(user) })}
        description={
          <div className="space-y-2">
            <p>{t('personalData.text')}</p>
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
    ),
  }
}

function saveAs(data: PersonDataOut, name: string) {
  const address = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
