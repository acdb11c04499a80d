import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { cn } from '@/lib/cn'

const LOOKS = {
  info: { icon: Info, className: 'bg-info-soft text-info' },
  success: { icon: CircleCheck, className: 'bg-success-soft text-success' },
  warning: { icon: TriangleAlert, className: 'bg-warning-soft text-warning' },
  danger: { icon: CircleAlert, className: 'bg-danger-soft text-danger' },
}

interface NoticeProps {
  tone: keyof typeof LOOKS
  title?: ReactNode
  children?: ReactNode
  actions?: ReactNode
  /** Read out at once: for what has just gone wrong. */
  isUrgent?: boolean
  className?: string
}

export function Notice({ tone, title, children, actions, isUrgent = false, className }: NoticeProps) {
  const { icon: Icon, className: look } = LOOKS[tone]
  return (
    <div
      role={isUrgent ? 'alert' : undefined}
      className={cn('flex gap-2.5 rounded-md px-3 py-2.5', look, className)}
    >
      <Icon className="mt-0.5 size-4 shrink-0" aria-hidden />
      <div className="min-w-0 flex-1">
        {title !== undefined && <p className="font-medium">{title}</p>}
        {children !== undefined && (
          <div className={title === undefined ? undefined : 'mt-0.5 text-foreground/85'}>{children}</div>
        )}
        {actions !== undefined && <div className="mt-2 flex flex-wrap gap-2 text-foreground">{actions}</div>}
      </div>
    </div>
  )
}
