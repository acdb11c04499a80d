import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type IdentityOut, type ProviderOut, authBeginProviderLink, authUnlink } from '@/api'
import { authListIdentitiesOptions, authListProvidersOptions } from '@/api/@tanstack/react-query.gen'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Loaded } from '@/components/ui/loaded'
import { Moment } from '@/components/ui/moment'
import { ProviderIcon } from '@/components/ui/provider-icon'
import { Skeleton } from '@/components/ui/skeleton'
import { useAction } from '@/lib/requests'
import { keepReturnPath } from '@/lib/session'

/** Accounts at other services that one can log in with. */
export function LinkedCard() {
  const { t } = useTranslation('account')
  const providers = useQuery({ ...authListProvidersOptions(), staleTime: Infinity })
  const identities = useQuery(authListIdentitiesOptions())
  const [leaving, setLeaving] = useState<IdentityOut>()
  const link = useAction((provider: string) => authBeginProviderLink({ path: { provider } }), {
    key: ['nothing'],
    onDone: ({ url }) => {
      keepReturnPath('/account')
      window.location.assign(url)
    },
  })
  const unlink = useAction((identity_id: string) => authUnlink({ path: { identity_id } }), {
    done: t('linked.unlinked'),
    onDone: () => setLeaving(undefined),
  })
  const titleOf = (provider: string) => providers.data?.find(({ id }) => id === provider)?.title ?? provider
  return (
    <Card>
      <CardHeader title={t('linked.title')} description={t('linked.text')} />
      <CardBody>
        <Loaded query={identities} skeleton={<Skeleton className="h-12" />}>
          {(found) => (
            <ul className="divide-y rounded-md border">
              {found.map((identity) => (
                <Line
                  key={identity.id}
                  provider={identity.provider}
                  title={titleOf(identity.provider)}
                  text={
                    <>
                      {identity.display_name} · <Moment at={identity.created_at} as="date" />
                    </>
                  }
                >
                  <Button size="sm" onClick={() => setLeaving(identity)}>
                    {t('linked.unlink')}
                  </Button>
                </Line>
              ))}
              {unlinked(providers.data ?? [], found).map(({ id, title }) => (
                <Line key={id} provider={id} title={title} text={t('linked.none')}>
                  <Button
                    size="sm"
                    isPending={link.isPending && link.variables === id}
                    onClick={() => link.mutate(id)}
                  >
                    {t('linked.link')}
                  </Button>
                </Line>
              ))}
              {providers.data?.length === 0 && found.length === 0 && (
                <li className="px-3 py-2.5 text-muted-foreground">{t('linked.nothing')}</li>
              )}
            </ul>
          )}
        </Loaded>
      </CardBody>
      <AlertDialog
        isOpen={leaving !== undefined}
        onOpenChange={() => setLeaving(undefined)}
        title={t('linked.unlinkTitle', { provider: titleOf(leaving?.provider ?? '') })}
        description={t('linked.unlinkText')}
        confirmLabel={t('linked.unlink')}
        isPending={unlink.isPending}
        onConfirm={() => leaving && unlink.mutate(leaving.id)}
      />
    </Card>
  )
}

function unlinked(providers: readonly ProviderOut[], found: readonly IdentityOut[]): ProviderOut[] {
  return providers.filter(({ id }) => !found.some(({ provider }) => provider === id))
}

interface LineProps {
  provider: string
  title: string
  text: React.ReactNode
  children: React.ReactNode
}

function Line({ provider, title, text, children }: LineProps) {
  return (
    <li className="flex items-center gap-3 px-3 py-2.5 [&_svg]:size-5">
      <ProviderIcon provider={provider} />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        <p className="truncate text-muted-foreground">{text}</p>
      </div>
      {children}
    </li>
  )
}
