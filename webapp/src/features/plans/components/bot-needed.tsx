import { Bot } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { State } from '@/components/ui/state'
import { useTenantPath } from '@/lib/tenancy'

export function BotNeeded() {
  const { t } = useTranslation('plans')
  const path = useTenantPath()
  return (
    <Card>
      <State
        icon={Bot}
        title={t('botNeeded.title')}
        action={
          <Button asChild variant="primary">
            <Link to={path('/settings/bot')}>{t('botNeeded.action')}</Link>
          </Button>
        }
      >
        {t('botNeeded.text')}
      </State>
    </Card>
  )
}
