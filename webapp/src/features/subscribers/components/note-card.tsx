import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type UserDetailsOut, usersChangeNote } from '@/api'
import { UnsavedGuard } from '@/components/form/unsaved-guard'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Textarea } from '@/components/ui/textarea'
import { useTenantAction } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'

/** Shown as saved at once; comes back into the field when the server does not take it. */
export function NoteCard({ user }: { user: UserDetailsOut }) {
  const { t } = useTranslation(['subscribers', 'common'])
  const can = useCan()
  const [typed, setTyped] = useState<string>()
  const [sent, setSent] = useState<string>()
  const save = useTenantAction((path, note: string) =>
    usersChangeNote({ path: { ...path, user_id: user.id }, body: { note } }),
  )
  const saved = sent ?? user.note
  const isChanged = typed !== undefined && typed !== saved
  const submit = () => {
    if (typed === undefined) return
    save.mutate(typed, {
      onError: () => {
        setSent(undefined)
        setTyped(typed)
      },
    })
    setSent(typed)
    setTyped(undefined)
  }
  return (
    <Card aria-label={t('note.title')}>
      <CardHeader title={t('note.title')} description={t('note.text')} />
      <CardBody className="space-y-3">
        <Textarea
          aria-label={t('note.title')}
          placeholder={t('note.placeholder')}
          maxLength={4000}
          readOnly={!can('users-change_note')}
          value={typed ?? saved}
          onChange={(event) => setTyped(event.target.value)}
        />
        {isChanged && (
          <div className="flex justify-end gap-2">
            <Button size="sm" onClick={() => setTyped(undefined)}>
              {t('common:actions.cancel')}
            </Button>
            <Button size="sm" variant="primary" onClick={submit}>
              {t('common:actions.save')}
            </Button>
          </div>
        )}
        <UnsavedGuard isDirty={isChanged} />
      </CardBody>
    </Card>
  )
}
