import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { authBeginProviderLogIn } from '@/api'
import { authListProvidersOptions } from '@/api/@tanstack/react-query.gen'
import { Button } from '@/components/ui/button'
import { ProviderIcon } from '@/components/ui/provider-icon'
import { useAction } from '@/lib/requests'
import { keepReturnPath } from '@/lib/session'

/** Log in with another service's account. Nothing where the installation has none. */
export function ProviderButtons({ returnPath }: { returnPath: string | null }) {
  const { t } = useTranslation('auth')
  const providers = useQuery({ ...authListProvidersOptions(), staleTime: Infinity })
  const begin = useAction((provider: string) => authBeginProviderLogIn({ path: { provider } }), {
    key: ['nothing'],
    onDone: ({ url }) => {
      keepReturnPath(returnPath)
      window.location.assign(url)
    },
  })
  if (!providers.data?.length) return null
  return (
    <div className="mt-6">
      <p className="mb-4 flex items-center gap-3 text-xs text-muted-foreground before:h-px before:flex-1 before:bg-border after:h-px after:flex-1 after:bg-border">
        {t('providers.or')}
      </p>
      <div className="space-y-2.5">
        {providers.data.map(({ id, title }) => (
          <Button
            key={id}
            size="lg"
            className="w-full"
            disabled={begin.isPending || begin.isSuccess}
            onClick={() => begin.mutate(id)}
          >
            <ProviderIcon provider={id} />
            {t('providers.logIn', { provider: title })}
          </Button>
        ))}
      </div>
    </div>
  )
}
