import { useTranslation } from 'react-i18next'
import { Card, CardBody, CardHeader } from '@/components/ui/card'

const TIMES = ['now', 'meanwhile', 'end'] as const
const POINTS = {
  now: ['bots', 'secrets', 'charges', 'channels'],
  meanwhile: ['read', 'keep', 'again'],
  end: ['gone', 'backups'],
} as const

/** What a closing does, in the order of time. */
export function WhatHappens() {
  const { t } = useTranslation('closings')
  return (
    <Card aria-label={t('happens.title')}>
      <CardHeader title={t('happens.title')} />
      <CardBody>
        <ol className="space-y-4">
          {TIMES.map((time) => (
            <li key={time} className="border-l-2 pl-4">
              <h3 className="font-medium">{t(`happens.${time}.title`)}</h3>
              <ul className="mt-1 list-disc space-y-1 pl-5 text-muted-foreground">
                {POINTS[time].map((point) => (
                  <li key={point}>{t(`happens.${time}.${point}` as 'happens.now.bots')}</li>
                ))}
              </ul>
            </li>
          ))}
        </ol>
      </CardBody>
    </Card>
  )
}
