import { type ComponentProps, forwardRef } from 'react'
import { cn } from '@/lib/cn'

export const Input = forwardRef<HTMLInputElement, ComponentProps<'input'>>(function Input(
  { className, ...rest },
  ref,
) {
  return (
    <input
      ref={ref}
      className={cn(
        'h-9 w-full min-w-0 rounded-md border border-input bg-card px-3 text-base shadow-card placeholder:text-muted-foreground disabled:opacity-60 aria-invalid:border-danger sm:text-sm',
        className,
      )}
      {...rest}
    />
  )
})
