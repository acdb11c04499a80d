import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ShieldAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { authGetSecondFactorOptions } from '@/api/@tanstack/react-query.gen'
import { Button } from '@/components/ui/button'
import { State } from '@/components/ui/state'
import { proof } from '@/lib/proof'
import { useTitle } from '@/lib/use-title'

/** The console opens once a second factor was shown in this session; whoever has none turns it on first. */
export function FactorNeeded() {
  const { t } = useTranslation('staff')
  const client = useQueryClient()
  const factor = useQuery(authGetSecondFactorOptions())
  useTitle(t('title'))
  const show = async () => {
    if (await proof.ask()) await client.invalidateQueries()
  }
  return (
    <main className="flex min-h-dvh items-center justify-center">
      <State
        isPage
        icon={ShieldAlert}
        title={t('factor.title')}
        action={
          <>
            <Button asChild>
              <Link to="/">{t('factor.leave')}</Link>
            </Button>
            {factor.data?.is_on ? (
              <Button variant="primary" onClick={() => void show()}>
                {t('factor.show')}
              </Button>
            ) : (
              <Button asChild variant="primary">
                <Link to="/account/security">{t('factor.turnOn')}</Link>
              </Button>
            )}
          </>
        }
      >
        {t(factor.data?.is_on ? 'factor.textShow' : 'factor.textTurnOn')}
      </State>
    </main>
  )
}
