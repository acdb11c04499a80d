import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import type { BotOut } from '@/api'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { problemText } from '@/i18n/problem-text'
import { toProblem } from '@/lib/problem'

/** Why a test did not arrive, and what to do about it. */
export function TestProblem({ error, bot }: { error: unknown; bot: BotOut | undefined }) {
  const { t } = useTranslation('broadcasts')
  const problem = toProblem(error)
  if (problem.code === 'test_reader_missing')
    return (
      <Notice
        tone="warning"
        isUrgent
        title={t('test.missing.title')}
        actions={
          <>
            <Button asChild size="sm">
              <Link to="/account">{t('test.missing.link')}</Link>
            </Button>
            {bot && (
              <Button asChild size="sm">
                <a href={`https://t.me/${bot.username}`} target="_blank" rel="noreferrer">
                  {t('test.missing.open', { bot: `@${bot.username}` })}
                </a>
              </Button>
            )}
          </>
        }
      >
        {t('test.missing.text')}
      </Notice>
    )
  const words = problem.fields.telegram
  if (problem.code === 'broadcast_refused' && words !== undefined)
    return (
      <Notice tone="danger" isUrgent title={problemText(problem)}>
        {t('test.refused')} <q>{words}</q>
      </Notice>
    )
  return (
    <Notice tone="danger" isUrgent>
      {problemText(problem)}
    </Notice>
  )
}
