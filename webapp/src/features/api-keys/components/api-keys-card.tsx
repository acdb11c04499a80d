import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiKeyOut } from '@/api'
import { apiKeysListOptions } from '@/api/@tanstack/react-query.gen'
import { Button } from '@/components/ui/button'
import { Card, CardHeader } from '@/components/ui/card'
import { Dialog } from '@/components/ui/dialog'
import { Loaded } from '@/components/ui/loaded'
import { Moment } from '@/components/ui/moment'
import { ShownOnce } from '@/components/ui/shown-once'
import { Skeleton } from '@/components/ui/skeleton'
import { State } from '@/components/ui/state'
import { later } from '@/lib/later'
import { useTenantQuery } from '@/lib/requests'
import { ApiDocs } from './api-docs'
import { ApiKeyMenu } from './api-key-menu'
import { LastUsed } from './last-used'

const ApiKeyForm = later(() => import('./api-key-form').then((file) => file.ApiKeyForm))

/** The keys with which the tenant's programs call the API. */
export function ApiKeysCard() {
  const { t } = useTranslation('api')
  const keys = useTenantQuery((path) => apiKeysListOptions({ path }))
  const [isMaking, setIsMaking] = useState(false)
  const [secret, setSecret] = useState<string>()
  return (
    <Card>
      <CardHeader
        title={t('keys.title')}
        description={t('keys.text')}
        actions={
          <Button variant="primary" onClick={() => setIsMaking(true)}>
            <Plus aria-hidden />
            {t('keys.create')}
          </Button>
        }
      />
      <ApiDocs />
      <Loaded query={keys} skeleton={<Skeleton className="m-4 h-24" />}>
        {({ items }) =>
          items.length === 0 ? (
            <State icon={KeyRound} title={t('keys.empty')} className="py-10">
              {t('keys.emptyText')}
            </State>
          ) : (
            <ul className="divide-y border-t">
              {items.map((key) => (
                <KeyLine key={key.id} apiKey={key} onRotated={setSecret} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <Dialog isOpen={isMaking} onOpenChange={setIsMaking} title={t('keys.create')}>
        <ApiKeyForm
          onDone={(made) => {
            setIsMaking(false)
            setSecret(made.secret)
          }}
        />
      </Dialog>
      <Dialog
        isOpen={secret !== undefined}
        onOpenChange={() => setSecret(undefined)}
        title={t('secret.keyTitle')}
        isKept
      >
        <ShownOnce
          secret={secret ?? ''}
          copyLabel={t('secret.copy')}
          warning={t('secret.warning')}
          onDone={() => setSecret(undefined)}
        />
      </Dialog>
    </Card>
  )
}

function KeyLine({ apiKey, onRotated }: { apiKey: ApiKeyOut; onRotated: (secret: string) => void }) {
  const { t } = useTranslation('api')
  return (
    <li className="flex items-start gap-3 px-4 py-3 sm:px-5">
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words">{apiKey.name}</p>
        <p className="text-muted-foreground">
          <code>{apiKey.prefix}…</code> · {t('keys.scopes', { count: apiKey.scopes.length })}
        </p>
        <p className="text-muted-foreground">
          {t('keys.lastUsed')} <LastUsed at={apiKey.last_used_at} />
          {apiKey.expires_at !== null && (
            <>
              {' · '}
              {t('keys.ends')} <Moment at={apiKey.expires_at} />
            </>
          )}
        </p>
      </div>
      <ApiKeyMenu apiKey={apiKey} onRotated={onRotated} />
    </li>
  )
}
