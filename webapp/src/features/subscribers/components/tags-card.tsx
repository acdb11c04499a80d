import { X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type UserDetailsOut, usersAddTag, usersRemoveTag } from '@/api'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Input } from '@/components/ui/input'
import { useTenantAction } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'

const LIMIT = 32

/** A tag is kept in lower case, so it is typed so: nobody is surprised by what they find. */
function asKept(text: string): string {
  return text.replace('/', '').toLowerCase()
}

interface TagsCardProps {
  user: UserDetailsOut
  /** Tags that others have, to choose from. */
  known: string[]
}

export function TagsCard({ user, known }: TagsCardProps) {
  const { t } = useTranslation(['subscribers', 'common'])
  const can = useCan()
  // Nothing is changed about somebody who is being forgotten.
  const isKept = user.erasure_asked_at === null
  const [typed, setTyped] = useState('')
  const add = useTenantAction(
    (path, tag: string) => usersAddTag({ path: { ...path, user_id: user.id, tag } }),
    { onDone: () => setTyped('') },
  )
  const remove = useTenantAction((path, tag: string) =>
    usersRemoveTag({ path: { ...path, user_id: user.id, tag } }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const tag = typed.trim()
    if (tag && !add.isPending) add.mutate(tag)
  }
  const leaving = remove.isPending ? remove.variables : undefined
  const shown = user.tags.filter((tag) => tag !== leaving)
  return (
    <Card aria-label={t('tags.title')}>
      <CardHeader title={t('tags.title')} />
      <CardBody className="space-y-3">
        {shown.length > 0 ? (
          <ul className="flex flex-wrap gap-1.5">
            {shown.map((tag) => (
              <li key={tag}>
                <Badge className="text-sm">
                  {tag}
                  {can('users-remove_tag') && isKept && (
                    <button
                      type="button"
                      aria-label={t('tags.remove', { tag })}
                      className="-mr-1 rounded-sm p-1 hover:text-foreground"
                      onClick={() => remove.mutate(tag)}
                    >
                      <X className="size-3.5" aria-hidden />
                    </button>
                  )}
                </Badge>
              </li>
            ))}
          </ul>
        ) : (
          <p className="text-muted-foreground">{t('tags.none')}</p>
        )}
        {can('users-add_tag') && isKept && (
          <form onSubmit={submit} className="flex gap-2">
            <Input
              aria-label={t('tags.new')}
              placeholder={t('tags.new')}
              value={typed}
              maxLength={LIMIT}
              list="known-tags"
              autoComplete="off"
              onChange={(event) => setTyped(asKept(event.target.value))}
            />
            <datalist id="known-tags">
              {known
                .filter((tag) => !user.tags.includes(tag))
                .map((tag) => (
                  <option key={tag} value={tag} />
                ))}
            </datalist>
            <Button type="submit" isPending={add.isPending} disabled={typed.trim() === ''}>
              {t('common:actions.add')}
            </Button>
          </form>
        )}
      </CardBody>
    </Card>
  )
}
