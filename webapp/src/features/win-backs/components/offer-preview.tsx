import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { MessageBubble } from '@/components/telegram-html/message-bubble'
import { ErrorState } from '@/components/ui/error-state'
import { Select } from '@/components/ui/select'
import { Skeleton } from '@/components/ui/skeleton'
import { useTenantPath } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'
import type { StepValues } from '../series'
import { useOfferPreview } from '../use-offer-preview'

/** How the message of one step reads, with the buttons under it. */
export function OfferPreview({ steps, botId }: { steps: StepValues[]; botId: string | undefined }) {
  const { t } = useTranslation('win-backs')
  const path = useTenantPath()
  const { locale } = useFormat()
  const [chosen, setChosen] = useState(0)
  const shown = Math.min(chosen, steps.length - 1)
  const query = useOfferPreview(botId, steps[shown], locale.startsWith('en') ? 'en' : 'ru')
  if (botId === undefined) return <p className="text-muted-foreground">{t('preview.noBot')}</p>
  if (steps.length === 0) return <p className="text-muted-foreground">{t('noSteps')}</p>
  return (
    <div className="space-y-3">
      {steps.length > 1 && (
        <Select
          aria-label={t('preview.step')}
          value={String(shown)}
          choices={steps.map((_, index) => ({
            value: String(index),
            label: t('step', { number: index + 1 }),
          }))}
          onChange={({ target }) => setChosen(Number(target.value))}
        />
      )}
      <div className="rounded-lg bg-info-soft p-4" aria-busy={query.isFetching}>
        {query.isError ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : query.data === undefined ? (
          <Skeleton className="h-24" />
        ) : (
          <>
            <MessageBubble html={query.data.html} />
            <ul className="mt-1 space-y-1">
              {query.data.buttons.map((caption) => (
                <li key={caption} className="rounded-md bg-card px-3 py-1.5 text-center text-sm">
                  {caption}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      <p className="text-xs text-muted-foreground">
        {t('preview.text')}{' '}
        <Link className="underline" to={path('/messages')}>
          {t('preview.edit')}
        </Link>
      </p>
    </div>
  )
}
