import { useTranslation } from 'react-i18next'
import type { PromoCodeOut } from '@/api'
import { Badge, type Tone } from '@/components/ui/badge'
import { type CodeState as State, stateOf } from '../terms'

const TONES: Record<State, Tone> = {
  active: 'success',
  off: 'neutral',
  used_up: 'warning',
  ended: 'neutral',
  not_yet: 'info',
}

export function CodeState({ code }: { code: PromoCodeOut }) {
  const { t } = useTranslation('promo-codes')
  const state = stateOf(code)
  return <Badge tone={TONES[state]}>{t(`state.${state}`)}</Badge>
}
