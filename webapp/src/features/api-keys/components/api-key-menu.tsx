import { Ellipsis, RefreshCw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ApiKeyOut, apiKeysRevoke, apiKeysRotate } from '@/api'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { Menu, MenuItem } from '@/components/ui/dropdown-menu'
import { useTenantAction } from '@/lib/requests'

interface ApiKeyMenuProps {
  apiKey: ApiKeyOut
  onRotated: (secret: string) => void
}

export function ApiKeyMenu({ apiKey, onRotated }: ApiKeyMenuProps) {
  const { t } = useTranslation('api')
  const [asked, setAsked] = useState<'rotate' | 'revoke'>()
  const close = () => setAsked(undefined)
  const api_key_id = apiKey.id
  const rotate = useTenantAction(
    (path) => apiKeysRotate({ path: { ...path, api_key_id }, body: { overlap_hours: 24 } }),
    {
      onDone: ({ secret }) => {
        close()
        onRotated(secret)
      },
    },
  )
  const revoke = useTenantAction((path) => apiKeysRevoke({ path: { ...path, api_key_id } }), {
    done: t('revoke.done'),
    onDone: close,
  })
  return (
    <>
      <Menu
        trigger={
          <Button variant="ghost" size="icon" aria-label={t('keys.menu', { name: apiKey.name })}>
            <Ellipsis aria-hidden />
          </Button>
        }
      >
        <MenuItem onSelect={() => setAsked('rotate')}>
          <RefreshCw aria-hidden />
          {t('rotate.open')}
        </MenuItem>
        <MenuItem tone="danger" onSelect={() => setAsked('revoke')}>
          <Trash2 aria-hidden />
          {t('revoke.open')}
        </MenuItem>
      </Menu>
      <AlertDialog
        isOpen={asked === 'rotate'}
        onOpenChange={close}
        title={t('rotate.title', { name: apiKey.name })}
        description={t('rotate.keyText')}
        confirmLabel={t('rotate.submit')}
        tone="primary"
        isPending={rotate.isPending}
        onConfirm={() => rotate.mutate()}
      />
      <AlertDialog
        isOpen={asked === 'revoke'}
        onOpenChange={close}
        title={t('revoke.title', { name: apiKey.name })}
        description={t('revoke.text')}
        confirmLabel={t('revoke.submit')}
        isPending={revoke.isPending}
        onConfirm={() => revoke.mutate()}
      />
    </>
  )
}
