import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router-dom'
import { Button } from '@/components/ui/button'
import { CodeForm } from '@/features/auth/components/code-form'
import { useEntry } from '@/features/auth/use-entry'
import { useTitle } from '@/lib/use-title'

/** The second step of a login, whichever way the first one went. */
export function Page() {
  const { t } = useTranslation('auth')
  const [params] = useSearchParams()
  const [isRecovery, setIsRecovery] = useState(false)
  const enter = useEntry(params.get('return'))
  useTitle(t('code.title'))
  return (
    <>
      <h1 className="text-2xl">{t('code.title')}</h1>
      <p className="mt-1 text-muted-foreground">{t(isRecovery ? 'code.recoveryText' : 'code.text')}</p>
      <div className="mt-6">
        <CodeForm key={String(isRecovery)} isRecovery={isRecovery} onDone={enter} />
      </div>
      <div className="mt-6 flex flex-col items-center gap-3">
        <Button variant="link" onClick={() => setIsRecovery(!isRecovery)}>
          {t(isRecovery ? 'code.useApp' : 'code.useRecovery')}
        </Button>
        <Link
          className="text-muted-foreground hover:text-foreground hover:underline"
          to={{ pathname: '/log-in', search: params.toString() }}
        >
          {t('code.again')}
        </Link>
      </div>
    </>
  )
}
