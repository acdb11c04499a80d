import { Check, Minus } from 'lucide-react'
import { Checkbox as Radix } from 'radix-ui'
import { type ComponentProps, forwardRef } from 'react'
import { cn } from '@/lib/cn'

export const Checkbox = forwardRef<HTMLButtonElement, ComponentProps<typeof Radix.Root>>(function Checkbox(
  { className, ...rest },
  ref,
) {
  return (
    <Radix.Root
      ref={ref}
      className={cn(
        'group size-4.5 shrink-0 rounded-sm border border-input bg-card text-primary-foreground data-[state=checked]:border-primary data-[state=checked]:bg-primary data-[state=indeterminate]:border-primary data-[state=indeterminate]:bg-primary',
        className,
      )}
      {...rest}
    >
      <Radix.Indicator className="flex items-center justify-center">
        <Check className="size-3.5 group-data-[state=indeterminate]:hidden" aria-hidden />
        <Minus className="hidden size-3.5 group-data-[state=indeterminate]:block" aria-hidden />
      </Radix.Indicator>
    </Radix.Root>
  )
})
