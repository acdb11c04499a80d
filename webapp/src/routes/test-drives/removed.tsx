import { Smartphone } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { State } from '@/components/ui/state'

export function Removed({ onAgain }: { onAgain: () => void }) {
  const { t } = useTranslation('test-drives')
  return (
    <Card>
      <State
        icon={Smartphone}
        title={t('removed.title')}
        action={
          <Button variant="primary" onClick={onAgain}>
            {t('again')}
          </Button>
        }
      >
        {t('removed.text')}
      </State>
    </Card>
  )
}
