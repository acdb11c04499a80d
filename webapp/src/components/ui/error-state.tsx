import { CloudOff, LockKeyhole, SearchX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { problemText } from '@/i18n/problem-text'
import { toProblem } from '@/lib/problem'
import { Button } from './button'
import { State } from './state'

interface ErrorStateProps {
  error: unknown
  onRetry: () => void
}

/** No permission, not there, or failed: three different things to a reader. */
export function ErrorState({ error, onRetry }: ErrorStateProps) {
  const { t } = useTranslation()
  const problem = toProblem(error)
  if (problem.kind === 'forbidden')
    return (
      <State icon={LockKeyhole} title={t('states.forbiddenTitle')}>
        {t('states.forbiddenText')}
      </State>
    )
  if (problem.kind === 'not_found')
    return (
      <State icon={SearchX} title={t('states.notFoundTitle')}>
        {t('states.notFoundText')}
      </State>
    )
  return (
    <div role="alert">
      <State
        icon={CloudOff}
        title={t('states.errorTitle')}
        action={<Button onClick={onRetry}>{t('actions.retry')}</Button>}
      >
        {problemText(problem)}
      </State>
    </div>
  )
}
