import type { FormEventHandler, ReactNode } from 'react'
import { Notice } from '@/components/ui/notice'
import { cn } from '@/lib/cn'
import { UnsavedGuard } from './unsaved-guard'

interface FormProps {
  onSubmit: FormEventHandler<HTMLFormElement>
  /** What is wrong with the whole, not with one field. */
  rootError?: ReactNode
  /** Asks before the page is left; left out where there is nothing worth keeping. */
  isDirty?: boolean
  className?: string
  children: ReactNode
}

export function Form({ onSubmit, rootError, isDirty, className, children }: FormProps) {
  return (
    <form onSubmit={onSubmit} noValidate className={cn('space-y-5', className)}>
      {children}
      {rootError !== undefined && (
        // Below a long form it would lie outside a phone's window, or under its bar of sections.
        <div ref={bringIntoView} className="scroll-mb-24">
          <Notice tone="danger" isUrgent>
            {rootError}
          </Notice>
        </div>
      )}
      {isDirty !== undefined && <UnsavedGuard isDirty={isDirty} />}
    </form>
  )
}

function bringIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' })
}

export function FormButtons({ children }: { children: ReactNode }) {
  return <div className="flex flex-col-reverse gap-2 pt-1 sm:flex-row sm:justify-end">{children}</div>
}
