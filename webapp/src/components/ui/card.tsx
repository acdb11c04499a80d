import type { ComponentProps, ReactNode } from 'react'
import { cn } from '@/lib/cn'

export function Card({ className, ...rest }: ComponentProps<'section'>) {
  return <section className={cn('rounded-lg border bg-card shadow-card', className)} {...rest} />
}

interface CardHeaderProps {
  title: ReactNode
  description?: ReactNode
  /** Buttons at the end of the line. */
  actions?: ReactNode
  level?: 2 | 3
}

export function CardHeader({ title, description, actions, level = 2 }: CardHeaderProps) {
  const Title = `h${level}` as const
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 p-4 sm:px-5">
      <div className="min-w-0 flex-1 basis-40">
        <Title className="text-base">{title}</Title>
        {description !== undefined && (
          <p className="mt-0.5 max-w-prose text-muted-foreground">{description}</p>
        )}
      </div>
      {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </div>
  )
}

export function CardBody({ className, ...rest }: ComponentProps<'div'>) {
  return <div className={cn('p-4 sm:px-5 [&:not(:first-child)]:pt-0', className)} {...rest} />
}

export function CardFooter({ className, ...rest }: ComponentProps<'div'>) {
  return (
    <div
      className={cn(
        'flex flex-wrap items-center justify-end gap-2 rounded-b-lg border-t bg-muted/50 px-4 py-3 sm:px-5',
        className,
      )}
      {...rest}
    />
  )
}
