import { ChartColumn } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { State } from '@/components/ui/state'
import { useTenantPath } from '@/lib/tenancy'

export function NoFigures() {
  const { t } = useTranslation('analytics')
  const path = useTenantPath()
  return (
    <Card>
      <State
        icon={ChartColumn}
        title={t('none.title')}
        action={
          <Button asChild>
            <Link to={path('/plans')}>{t('empty.plans')}</Link>
          </Button>
        }
      >
        {t('none.text')}
      </State>
    </Card>
  )
}
