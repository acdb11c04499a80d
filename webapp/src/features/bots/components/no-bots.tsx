import { Bot } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { State } from '@/components/ui/state'

export function NoBots({ action }: { action: ReactNode }) {
  const { t } = useTranslation('bots')
  return (
    <State icon={Bot} title={t('empty.title')} action={action}>
      {t('empty.text')}
    </State>
  )
}
