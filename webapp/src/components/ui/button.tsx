import type { VariantProps } from 'class-variance-authority'
import { LoaderCircle } from 'lucide-react'
import { Slot } from 'radix-ui'
import { type ComponentProps, forwardRef } from 'react'
import { cn } from '@/lib/cn'
import { buttonVariants } from './button-variants'

interface ButtonProps extends ComponentProps<'button'>, VariantProps<typeof buttonVariants> {
  /** Lends the look to the only child, a link for example. */
  asChild?: boolean
  /** The work is under way: no second press, and a spinner. */
  isPending?: boolean
}

export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  {
    className,
    variant,
    size,
    asChild = false,
    isPending = false,
    disabled,
    children,
    type = 'button',
    ...rest
  },
  ref,
) {
  const classes = cn(buttonVariants({ variant, size }), className)
  if (asChild)
    return (
      <Slot.Root ref={ref} className={classes} {...rest}>
        {children}
      </Slot.Root>
    )
  return (
    <button
      ref={ref}
      type={type}
      className={classes}
      disabled={disabled === true || isPending}
      aria-busy={isPending}
      {...rest}
    >
      {isPending && <LoaderCircle className="animate-spin" aria-hidden />}
      {children}
    </button>
  )
})
