import { Trans, useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { useTenantPath } from '@/lib/tenancy'
import type { Occasion } from '../occasion'

interface SeriesWordsProps {
  of: 'calls.hint' | 'calls.noCodes' | `occasion.hints.${Occasion}`
}

/** Words that may name the win-back series, which writes to the same people: its name leads to it. */
export function SeriesWords({ of }: SeriesWordsProps) {
  useTranslation('broadcasts')
  const path = useTenantPath()
  const series = <Link className="font-medium text-info hover:underline" to={path('/promo-codes/win-back')} />
  return <Trans ns="broadcasts" i18nKey={of} components={{ series }} />
}
