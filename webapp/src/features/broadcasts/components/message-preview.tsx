import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TextProblems } from '@/components/telegram-html/text-problems'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Select } from '@/components/ui/select'
import { Skeleton } from '@/components/ui/skeleton'
import { cn } from '@/lib/cn'
import { useFormat } from '@/lib/use-format'
import { type DraftValues, limitOf } from '../draft'
import { aMonthOn } from '../month-on'
import { ownTheme } from '../own-theme'
import { type PreviewReader, useMessagePreview } from '../use-message-preview'
import { TelegramMessage } from './telegram-message'
import { ThemeToggle } from './theme-toggle'

const READERS = ['named', 'nameless', 'unsubscribed'] as const

/** How the message will look to a subscriber, while it is written. */
export function MessagePreview({ values }: { values: DraftValues }) {
  const { t } = useTranslation('broadcasts')
  const { locale } = useFormat()
  const [theme, setTheme] = useState(ownTheme)
  const [language, setLanguage] = useState<PreviewReader['locale']>(locale.startsWith('en') ? 'en' : 'ru')
  const [reader, setReader] = useState<(typeof READERS)[number]>('named')
  const [until] = useState(aMonthOn)
  const query = useMessagePreview(values, {
    locale: language,
    name: reader !== 'nameless' ? t(`preview.names.${language}`) : '',
    plan: reader !== 'unsubscribed' ? t(`preview.plans.${language}`) : '',
    paid_until_at: reader !== 'unsubscribed' ? until : null,
  })
  const isEmpty = values.text.trim() === ''
  return (
    <Card aria-label={t('preview.title')} className="lg:sticky lg:top-4">
      <CardHeader title={t('preview.title')} actions={<ThemeToggle theme={theme} onChange={setTheme} />} />
      <CardBody className="space-y-3">
        <div
          aria-busy={query.isFetching}
          className={cn('transition-opacity', query.isFetching && 'opacity-70')}
        >
          {isEmpty ? (
            <p className="text-muted-foreground">{t('preview.empty')}</p>
          ) : query.isError ? (
            <TextProblems error={query.error} limit={limitOf(values)} />
          ) : query.data === undefined ? (
            <Skeleton className="h-32" />
          ) : (
            <TelegramMessage
              theme={theme}
              html={query.data.html}
              mediumKind={values.medium_kind === 'none' ? null : values.medium_kind}
              buttons={query.data.buttons}
            />
          )}
        </div>
        <div className="grid grid-cols-2 gap-2">
          <Select
            aria-label={t('preview.reader')}
            value={reader}
            choices={READERS.map((value) => ({ value, label: t(`preview.readers.${value}`) }))}
            onChange={({ target }) => setReader(READERS.find((one) => one === target.value) ?? 'named')}
          />
          <Select
            aria-label={t('preview.language')}
            value={language}
            choices={(['ru', 'en'] as const).map((value) => ({
              value,
              label: t(`preview.languages.${value}`),
            }))}
            onChange={({ target }) => setLanguage(target.value === 'en' ? 'en' : 'ru')}
          />
        </div>
        <p className="text-xs text-muted-foreground">{t('preview.text')}</p>
      </CardBody>
    </Card>
  )
}
