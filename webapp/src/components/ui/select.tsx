import { ChevronDown } from 'lucide-react'
import { type ComponentProps, forwardRef } from 'react'
import { cn } from '@/lib/cn'

export interface Choice {
  value: string
  label: string
  disabled?: boolean
}

interface SelectProps extends ComponentProps<'select'> {
  choices: readonly Choice[]
}

/** The browser's own list: keyboard, screen readers and phones know it, and it needs no script. */
export const Select = forwardRef<HTMLSelectElement, SelectProps>(function Select(
  { className, choices, ...rest },
  ref,
) {
  return (
    <span className={cn('relative inline-flex w-full', className)}>
      <select
        ref={ref}
        className="h-9 w-full min-w-0 cursor-pointer appearance-none truncate rounded-md border border-input bg-card pr-9 pl-3 text-base shadow-card disabled:opacity-60 aria-invalid:border-danger sm:text-sm"
        {...rest}
      >
        {choices.map(({ value, label, disabled }) => (
          <option key={value} value={value} disabled={disabled}>
            {label}
          </option>
        ))}
      </select>
      <ChevronDown
        className="pointer-events-none absolute top-2.5 right-2.5 size-4 text-muted-foreground"
        aria-hidden
      />
    </span>
  )
})
