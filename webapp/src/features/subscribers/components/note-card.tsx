import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type UserDetailsOut, type UserOut, usersChangeNote, usersGet } from '@/api'
import { UnsavedGuard } from '@/components/form/unsaved-guard'
import { type VersionedText, useTextEdit } from '@/components/form/use-text-edit'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Textarea } from '@/components/ui/textarea'
import { useCan, useTenant } from '@/lib/tenancy'

function noteOf({ note, note_version }: UserOut): VersionedText {
  return { text: note, version: note_version }
}

/** Shown as saved at once; the buttons come back when the server does not take it. */
export function NoteCard({ user }: { user: UserDetailsOut }) {
  const { t } = useTranslation(['subscribers', 'common'])
  const can = useCan()
  const { id } = useTenant()
  const path = { tenant_id: id, user_id: user.id }
  const { text, isDirty, isPending, offer, change, leave, save } = useTextEdit({
    stored: useMemo(() => noteOf(user), [user]),
    send: async ({ text: note, version }) =>
      noteOf((await usersChangeNote({ path, body: { note, version } })).data),
    newest: async () => noteOf((await usersGet({ path })).data),
  })
  const isChanged = isDirty && !isPending
  return (
    <Card aria-label={t('note.title')}>
      <CardHeader title={t('note.title')} description={t('note.text')} />
      <CardBody className="space-y-3">
        <Textarea
          aria-label={t('note.title')}
          placeholder={t('note.placeholder')}
          maxLength={4000}
          readOnly={!can('users-change_note') || user.erasure_asked_at !== null}
          value={text}
          onChange={(event) => change(event.target.value)}
        />
        {offer}
        {isChanged && offer === undefined && (
          <div className="flex justify-end gap-2">
            <Button size="sm" onClick={leave}>
              {t('common:actions.cancel')}
            </Button>
            <Button size="sm" variant="primary" onClick={save}>
              {t('common:actions.save')}
            </Button>
          </div>
        )}
        <UnsavedGuard isDirty={isChanged} />
      </CardBody>
    </Card>
  )
}
