import { SearchX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { Button } from '@/components/ui/button'
import { State } from '@/components/ui/state'
import { useTitle } from '@/lib/use-title'

export function NotFound({ isAlone = false }: { isAlone?: boolean }) {
  const { t } = useTranslation()
  useTitle(t('states.notFoundTitle'))
  const content = (
    <State
      isPage
      icon={SearchX}
      title={t('states.notFoundTitle')}
      action={
        <Button asChild>
          <Link to="/">{t('states.toStart')}</Link>
        </Button>
      }
    >
      {t('states.notFoundText')}
    </State>
  )
  return isAlone ? <main className="flex min-h-dvh items-center justify-center">{content}</main> : content
}
