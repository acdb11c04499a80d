import { useTranslation } from 'react-i18next'
import { Card, CardBody, CardHeader } from '@/components/ui/card'

const COLUMNS = ['telegram_id', 'username', 'name', 'ends_at', 'note', 'tag'] as const

/** What a file has to look like, and what Telegram's own does not hold. */
export function ImportHelp() {
  const { t } = useTranslation('imports')
  return (
    <Card>
      <CardHeader title={t('help.title')} />
      <CardBody className="space-y-4">
        <div>
          <h3 className="font-medium">CSV</h3>
          <p className="mt-1 text-muted-foreground">{t('help.csv')}</p>
          <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
            {COLUMNS.map((name) => (
              <div key={name} className="contents">
                <dt>
                  <code className="text-xs">{name}</code>
                </dt>
                <dd className="text-muted-foreground">{t(`help.columns.${name}`)}</dd>
              </div>
            ))}
          </dl>
        </div>
        <div>
          <h3 className="font-medium">Telegram Desktop</h3>
          <p className="mt-1 text-muted-foreground">{t('help.telegram')}</p>
          <p className="mt-2 text-muted-foreground">{t('help.telegramLimits')}</p>
        </div>
      </CardBody>
    </Card>
  )
}
