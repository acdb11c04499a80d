import { Ellipsis, Link2Off, Send } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type GiftOut, giftsRevoke, giftsSend } from '@/api'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { Menu, MenuItem } from '@/components/ui/dropdown-menu'
import { useTenantAction } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'

interface GiftActionsProps {
  gift: GiftOut
  /** In a table there is place for one little button. */
  isMenu?: boolean
}

/** What can be done about a gift that nobody took: send its link again, or close it for good. */
export function GiftActions({ gift, isMenu = false }: GiftActionsProps) {
  const { t } = useTranslation('gifts')
  const can = useCan()
  const [isAsked, setIsAsked] = useState(false)
  const send = useTenantAction((path) => giftsSend({ path: { ...path, gift_id: gift.id } }), {
    done: t('send.done'),
  })
  const revoke = useTenantAction((path) => giftsRevoke({ path: { ...path, gift_id: gift.id } }), {
    done: t('revoke.done'),
    onDone: () => setIsAsked(false),
  })
  if (gift.status !== 'waiting') return null
  const actions = [
    can('gifts-send') && { icon: Send, words: t('send.submit'), act: () => send.mutate() },
    can('gifts-revoke') && { icon: Link2Off, words: t('revoke.open'), act: () => setIsAsked(true) },
  ].filter((action) => action !== false)
  if (actions.length === 0) return null
  return (
    <>
      {isMenu ? (
        <Menu
          trigger={
            <Button variant="ghost" size="icon" aria-label={t('menu', { plan: gift.plan_title })}>
              <Ellipsis aria-hidden />
            </Button>
          }
        >
          {actions.map(({ icon: Icon, words, act }) => (
            <MenuItem key={words} onSelect={act}>
              <Icon aria-hidden />
              {words}
            </MenuItem>
          ))}
        </Menu>
      ) : (
        <span className="flex flex-wrap gap-2">
          {actions.map(({ words, act }) => (
            <Button key={words} size="sm" disabled={send.isPending} onClick={act}>
              {words}
            </Button>
          ))}
        </span>
      )}
      <AlertDialog
        isOpen={isAsked}
        onOpenChange={setIsAsked}
        title={t('revoke.title', { plan: gift.plan_title })}
        description={t('revoke.text')}
        confirmLabel={t('revoke.submit')}
        isPending={revoke.isPending}
        onConfirm={() => revoke.mutate()}
      />
    </>
  )
}
