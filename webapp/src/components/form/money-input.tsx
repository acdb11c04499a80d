import { type ComponentProps, forwardRef, useState } from 'react'
import { Input } from '@/components/ui/input'
import { formatMoneyPlain, minorDigits, parseMoney } from '@/lib/format'
import { useFormat } from '@/lib/use-format'

interface MoneyInputProps extends Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'ref' | 'type'> {
  /** Minor units. */
  value: number | null | undefined
  /** Null when nothing is typed, NaN when it is no sum. A sum below zero is told as it is: it is the form's to refuse. */
  onChange: (value: number | null) => void
  currency: string
}

export const MoneyInput = forwardRef<HTMLInputElement, MoneyInputProps>(function MoneyInput(
  { value, onChange, onBlur, currency, ...rest },
  ref,
) {
  const { locale } = useFormat()
  const isSum = typeof value === 'number' && value >= 0
  const written =
    typeof value === 'number' && !Number.isNaN(value) ? formatMoneyPlain(value, currency, locale) : ''
  const [typed, setTyped] = useState(written)
  // A value that did not come from here: a reset, another currency.
  const isStale = !Object.is(readTyped(typed, currency), value ?? null)
  const sign = currency === 'XTR' ? '★' : currencySign(currency, locale)
  return (
    <div className="relative">
      <Input
        {...rest}
        ref={ref}
        inputMode={minorDigits(currency) ? 'decimal' : 'numeric'}
        autoComplete="off"
        className="pr-9 tabular-nums"
        value={isStale ? written : typed}
        onChange={(event) => {
          setTyped(event.target.value)
          onChange(readTyped(event.target.value, currency))
        }}
        onBlur={(event) => {
          if (isSum) setTyped(written)
          onBlur?.(event)
        }}
      />
      <span className="pointer-events-none absolute top-2 right-3 text-muted-foreground" aria-hidden>
        {sign}
      </span>
    </div>
  )
})

function readTyped(text: string, currency: string): number | null {
  const written = text.trim()
  if (written === '') return null
  const isNegative = /^[-−–]/.test(written)
  const sum = parseMoney(isNegative ? written.slice(1) : written, currency)
  if (sum === undefined) return NaN
  return isNegative && sum > 0 ? -sum : sum
}

function currencySign(currency: string, locale: string): string {
  const parts = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  }).formatToParts(0)
  return parts.find((part) => part.type === 'currency')?.value ?? currency
}
