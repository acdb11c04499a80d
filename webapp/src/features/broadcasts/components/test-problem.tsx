import { ExternalLink } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import type { BotOut } from '@/api'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { problemText } from '@/i18n/problem-text'
import { toProblem } from '@/lib/problem'

interface TestProblemProps {
  error: unknown
  bot: BotOut | undefined
  /** It was a file for a message, not the message. */
  isUpload?: boolean
}

/** Why a test did not arrive, and what to do about it. */
export function TestProblem({ error, bot, isUpload = false }: TestProblemProps) {
  const { t } = useTranslation('broadcasts')
  const problem = toProblem(error)
  if (problem.code === 'test_reader_missing')
    return (
      <Notice
        tone="warning"
        isUrgent
        title={t(isUpload ? 'upload.missing.title' : 'test.missing.title')}
        actions={
          <>
            <Button asChild size="sm">
              {isUpload ? (
                // What is written beside the file is not saved yet: the editor stays open.
                <Link to="/account" target="_blank" rel="noopener">
                  {t('test.missing.link')}
                  <ExternalLink aria-hidden />
                  <span className="sr-only">{t('upload.missing.newTab')}</span>
                </Link>
              ) : (
                <Link to="/account">{t('test.missing.link')}</Link>
              )}
            </Button>
            {bot && (
              <Button asChild size="sm">
                <a href={bot.chat_url} target="_blank" rel="noreferrer">
                  {t('test.missing.open', { bot: `@${bot.username}` })}
                </a>
              </Button>
            )}
          </>
        }
      >
        {t(isUpload ? 'upload.missing.text' : 'test.missing.text')}
      </Notice>
    )
  const words = problem.fields.telegram
  if (problem.code === 'broadcast_refused' && words !== undefined)
    return (
      <Notice tone="danger" isUrgent title={isUpload ? t('upload.refused') : problemText(problem)}>
        {t('test.refused')} <q>{words}</q>
      </Notice>
    )
  return (
    <Notice tone="danger" isUrgent>
      {problemText(problem)}
    </Notice>
  )
}
