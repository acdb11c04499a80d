import { Radio } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { State } from '@/components/ui/state'

interface NoChannelsProps {
  hasBot: boolean
  botName: string | undefined
  action: ReactNode
}

export function NoChannels({ hasBot, botName, action }: NoChannelsProps) {
  const { t } = useTranslation('channels')
  return (
    <State icon={Radio} title={t(hasBot ? 'empty.title' : 'empty.noBotTitle')} action={action}>
      {hasBot ? t('empty.text', { bot: botName }) : t('empty.noBotText')}
    </State>
  )
}
