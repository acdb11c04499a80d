import { RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { onboardingCheck } from '@/api'
import { onboardingGetOptions } from '@/api/@tanstack/react-query.gen'
import { Button } from '@/components/ui/button'
import { Card, CardHeader } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import { Progress } from '@/components/ui/progress'
import { useTenantAction, useTenantQuery } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'
import type { Places } from '../places'
import { ChecklistStep } from './checklist-step'

/** What is left to do until people can buy; says so when nothing is any more. Figures do not wait for it, nor fail with it. */
export function Checklist({ places }: { places: Places }) {
  const { t } = useTranslation('onboarding')
  const can = useCan()
  const onboarding = useTenantQuery((path) => onboardingGetOptions({ path }), {
    // A step that is ours to do is done within a second or two.
    refetchInterval: (query) =>
      query.state.data?.steps.some(({ state }) => state === 'waiting') ? 3000 : false,
  })
  const check = useTenantAction((path) => onboardingCheck({ path }), {
    done: (data) => t(data.next === null ? 'allDone' : 'checked'),
  })
  const shown = onboarding.data
  const [wasShown, setWasShown] = useState(false)
  if (shown?.next && !wasShown) setWasShown(true)
  if (!shown?.next) {
    return shown && wasShown ? (
      <Notice tone="success" className="mb-5">
        <span role="status">{t('allDone')}</span>
      </Notice>
    ) : null
  }
  return (
    <Card className="mb-5 overflow-hidden">
      <CardHeader
        title={t('title')}
        description={t('progress', { done: shown.done, total: shown.total })}
        actions={
          can('onboarding-check') && (
            <Button size="sm" isPending={check.isPending} onClick={() => check.mutate()}>
              {!check.isPending && <RefreshCw aria-hidden />}
              {t('check')}
            </Button>
          )
        }
      />
      <div className="px-4 pb-3 sm:px-5">
        <Progress
          label={t('progress', { done: shown.done, total: shown.total })}
          value={shown.done}
          max={shown.total}
        />
      </div>
      <ol className="divide-y border-t">
        {shown.steps.map((step) => (
          <ChecklistStep
            key={step.code}
            step={step}
            place={places[step.code]}
            isNext={step.code === shown.next}
            botLink={shown.bot_link}
          />
        ))}
      </ol>
    </Card>
  )
}
