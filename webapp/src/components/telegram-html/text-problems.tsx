import { useTranslation } from 'react-i18next'
import { Notice } from '@/components/ui/notice'
import { problemText } from '@/i18n/problem-text'
import { toProblem } from '@/lib/problem'
import { readProblems } from './read-problems'

interface TextProblemsProps {
  error: unknown
  /** How many characters Telegram takes here. */
  limit: number
}

/** What keeps Telegram from taking a text, as the server found it. */
export function TextProblems({ error, limit }: TextProblemsProps) {
  const { t, i18n } = useTranslation('markup')
  const problem = toProblem(error)
  const told = problem.fields.text
  if (told === undefined) return <Notice tone="danger">{problemText(problem)}</Notice>
  return (
    <Notice tone="danger" title={t('problems.title')}>
      <ul className="list-disc space-y-1 pl-4">
        {readProblems(told).map(({ code, about }) => {
          const key = i18n.exists(`markup:problems.${code}`) ? `problems.${code}` : 'problems.other'
          return <li key={`${code} ${about}`}>{t(key as 'problems.other', { about, limit })}</li>
        })}
      </ul>
    </Notice>
  )
}
