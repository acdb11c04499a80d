import { type ComponentProps, forwardRef, useState } from 'react'
import { Input } from '@/components/ui/input'
import { formatMoneyPlain, minorDigits, parseMoney } from '@/lib/format'
import { useFormat } from '@/lib/use-format'

interface MoneyInputProps extends Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'ref' | 'type'> {
  /** Minor units. */
  value: number | null | undefined
  /** Null when what is typed is no sum. */
  onChange: (value: number | null) => void
  currency: string
}

export const MoneyInput = forwardRef<HTMLInputElement, MoneyInputProps>(function MoneyInput(
  { value, onChange, onBlur, currency, ...rest },
  ref,
) {
  const { locale } = useFormat()
  const isSum = typeof value === 'number'
  const written = !isSum ? '' : formatMoneyPlain(value, currency, locale)
  const [typed, setTyped] = useState(written)
  // A value that did not come from here: a reset, another currency.
  const isStale = isSum && parseMoney(typed, currency) !== value
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
          onChange(parseMoney(event.target.value, currency) ?? null)
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

function currencySign(currency: string, locale: string): string {
  const parts = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  }).formatToParts(0)
  return parts.find((part) => part.type === 'currency')?.value ?? currency
}
