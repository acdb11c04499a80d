import { useTranslation } from 'react-i18next'
import { Select } from '@/components/ui/select'

interface CurrencyChoiceProps {
  currencies: readonly string[]
  value: string
  onChange: (currency: string) => void
}

/** Currencies are never added together: one is looked at at a time. */
export function CurrencyChoice({ currencies, value, onChange }: CurrencyChoiceProps) {
  const { t } = useTranslation('analytics')
  if (currencies.length < 2) return null
  return (
    <Select
      className="w-auto min-w-24"
      aria-label={t('currency')}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      choices={currencies.map((currency) => ({ value: currency, label: currency }))}
    />
  )
}
