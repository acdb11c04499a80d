import { RefreshCw, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useRouteError } from 'react-router-dom'
import { Button } from '@/components/ui/button'
import { State } from '@/components/ui/state'

/** A part of a new version has another name, so the old page asks for files that are gone. */
function isMissingChunk(error: unknown): boolean {
  return (
    error instanceof TypeError &&
    /dynamically imported module|Importing a module script failed/i.test(error.message)
  )
}

export function Crash({ isInside = false }: { isInside?: boolean }) {
  const { t } = useTranslation()
  const isOld = isMissingChunk(useRouteError())
  const content = (
    <State
      isPage
      icon={isOld ? RefreshCw : TriangleAlert}
      title={t(isOld ? 'states.newVersionTitle' : 'states.crashTitle')}
      action={
        <Button variant="primary" onClick={() => window.location.reload()}>
          {t('actions.reload')}
        </Button>
      }
    >
      {t(isOld ? 'states.newVersionText' : 'states.crashText')}
    </State>
  )
  return isInside ? content : <main className="flex min-h-dvh items-center justify-center">{content}</main>
}
