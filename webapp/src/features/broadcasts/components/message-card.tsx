import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BroadcastOut } from '@/api'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { useFormat } from '@/lib/use-format'
import { captionsOf, fillIn } from '../message'
import { aMonthOn } from '../month-on'
import { ownTheme } from '../own-theme'
import { TelegramMessage } from './telegram-message'
import { ThemeToggle } from './theme-toggle'

/** The message as it is stored: what goes out, or went. */
export function MessageCard({ found }: { found: BroadcastOut }) {
  const { t } = useTranslation('broadcasts')
  const format = useFormat()
  const [theme, setTheme] = useState(ownTheme)
  const language = format.locale.startsWith('en') ? 'en' : 'ru'
  const name = t(`preview.names.${language}`)
  const [until] = useState(aMonthOn)
  const sample = {
    name,
    plan: t(`preview.plans.${language}`),
    paid_until: t('preview.until', { at: format.lastDay(until) }),
  }
  return (
    <Card aria-label={t('form.message')}>
      <CardHeader title={t('form.message')} actions={<ThemeToggle theme={theme} onChange={setTheme} />} />
      <CardBody className="space-y-2">
        <TelegramMessage
          theme={theme}
          html={fillIn(found.text, sample)}
          mediumKind={found.medium_kind}
          buttons={[...captionsOf(found.buttons), [t('preview.wayOut')]]}
        />
        {found.text.includes('{name}') && (
          <p className="text-xs text-muted-foreground">
            {t('preview.nameShown', { name, fallback: found.name_fallback || t('preview.nameless') })}
          </p>
        )}
        {/\{(plan|paid_until)\}/.test(found.text) && (
          <p className="text-xs text-muted-foreground">{t('preview.subscriptionShown')}</p>
        )}
      </CardBody>
    </Card>
  )
}
