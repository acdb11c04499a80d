import { Play } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BotOut } from '@/api'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardFooter, CardHeader } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import { Select } from '@/components/ui/select'
import { problemText } from '@/i18n/problem-text'
import type { Problem } from '@/lib/problem'

interface StartCardProps {
  bots: BotOut[]
  isPending: boolean
  problem: Problem | undefined
  onStart: (chosen: { bot_id: string; locale: 'ru' | 'en' }) => void
}

export function StartCard({ bots, isPending, problem, onStart }: StartCardProps) {
  const { t, i18n } = useTranslation('test-drives')
  const [botId, setBotId] = useState(bots[0]?.id ?? '')
  const [locale, setLocale] = useState<'ru' | 'en'>(i18n.resolvedLanguage === 'en' ? 'en' : 'ru')
  return (
    <Card className="mx-auto max-w-2xl">
      <CardHeader title={t('start.title')} description={t('start.text')} />
      <CardBody className="space-y-4">
        <ol className="grid gap-3 sm:grid-cols-2">
          {(['first', 'second', 'third', 'fourth'] as const).map((name, index) => (
            <li key={name} className="flex gap-2.5">
              <span
                className="flex size-6 shrink-0 items-center justify-center rounded-full bg-info-soft text-xs font-semibold text-info"
                aria-hidden
              >
                {index + 1}
              </span>
              <span className="text-muted-foreground">{t(`start.steps.${name}`)}</span>
            </li>
          ))}
        </ol>
        <div className="flex flex-wrap gap-3">
          {bots.length > 1 && (
            <label className="min-w-40 flex-1">
              <span className="mb-1.5 block font-medium">{t('start.bot')}</span>
              <Select
                value={botId}
                onChange={(event) => setBotId(event.target.value)}
                choices={bots.map((bot) => ({ value: bot.id, label: `${bot.name} · @${bot.username}` }))}
              />
            </label>
          )}
          <label className="min-w-40 flex-1">
            <span className="mb-1.5 block font-medium">{t('start.language')}</span>
            <Select
              value={locale}
              onChange={(event) => setLocale(event.target.value as 'ru' | 'en')}
              choices={[
                { value: 'ru', label: t('account.languages.ru', { ns: 'common' }) },
                { value: 'en', label: t('account.languages.en', { ns: 'common' }) },
              ]}
            />
          </label>
        </div>
        {problem && (
          <Notice tone="danger" isUrgent>
            {problemText(problem)}
          </Notice>
        )}
      </CardBody>
      <CardFooter>
        <span role="status" className="mr-auto text-muted-foreground">
          {isPending && t('start.preparing')}
        </span>
        <Button variant="primary" isPending={isPending} onClick={() => onStart({ bot_id: botId, locale })}>
          {!isPending && <Play aria-hidden />}
          {t('start.go')}
        </Button>
      </CardFooter>
    </Card>
  )
}
