import { type ComponentProps, forwardRef } from 'react'
import { cn } from '@/lib/cn'

export const Textarea = forwardRef<HTMLTextAreaElement, ComponentProps<'textarea'>>(function Textarea(
  { className, ...rest },
  ref,
) {
  return (
    <textarea
      ref={ref}
      className={cn(
        'field-sizing-content min-h-20 w-full rounded-md border border-input bg-card px-3 py-2 text-base shadow-card placeholder:text-muted-foreground disabled:opacity-60 aria-invalid:border-danger sm:text-sm',
        className,
      )}
      {...rest}
    />
  )
})
