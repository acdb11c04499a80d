import { Switch as Radix } from 'radix-ui'
import { type ComponentProps, forwardRef } from 'react'
import { cn } from '@/lib/cn'

export const Switch = forwardRef<HTMLButtonElement, ComponentProps<typeof Radix.Root>>(function Switch(
  { className, ...rest },
  ref,
) {
  return (
    <Radix.Root
      ref={ref}
      className={cn(
        'inline-flex h-5 w-9 shrink-0 cursor-pointer items-center rounded-full bg-input p-0.5 transition-colors disabled:opacity-50 data-[state=checked]:bg-primary',
        className,
      )}
      {...rest}
    >
      <Radix.Thumb className="block size-4 rounded-full bg-card shadow-sm transition-transform data-[state=checked]:translate-x-4" />
    </Radix.Root>
  )
})
