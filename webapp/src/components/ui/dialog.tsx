import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import { type ReactNode, Suspense, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { cn } from '@/lib/cn'
import { Skeleton } from './skeleton'

const OVERLAY =
  'fixed inset-0 z-40 bg-black/45 data-[state=closed]:animate-out data-[state=closed]:fade-out-0 data-[state=open]:animate-in data-[state=open]:fade-in-0'

interface DialogProps {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  title: ReactNode
  description?: ReactNode
  children: ReactNode
  /** A sheet comes from the side, on phones from below; a dialog stands in the middle. */
  side?: 'center' | 'right'
  /** Asked while another dialog is open. */
  isAbove?: boolean
  /** Shows what cannot be shown again: only its own button closes it, no stray tap. */
  isKept?: boolean
  className?: string
}

const PLACES = {
  center:
    'inset-x-0 bottom-0 max-h-[92dvh] rounded-t-lg sm:inset-x-auto sm:top-1/2 sm:bottom-auto sm:left-1/2 sm:w-full sm:max-w-lg sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-lg data-[state=open]:animate-in data-[state=open]:fade-in-0 data-[state=open]:slide-in-from-bottom-4',
  right:
    'inset-x-0 bottom-0 max-h-[92dvh] rounded-t-lg sm:inset-y-0 sm:right-0 sm:left-auto sm:max-h-none sm:w-full sm:max-w-md sm:rounded-none sm:border-l data-[state=open]:animate-in data-[state=open]:slide-in-from-bottom-8 sm:data-[state=open]:slide-in-from-bottom-0 sm:data-[state=open]:slide-in-from-right-8',
}

export function Dialog({
  isOpen,
  onOpenChange,
  title,
  description,
  children,
  side = 'center',
  isAbove = false,
  isKept = false,
  className,
}: DialogProps) {
  const { t } = useTranslation()
  const opener = useRef<Element | null>(null)
  const keep = (event: Event) => {
    if (isKept) event.preventDefault()
  }
  return (
    <Radix.Root open={isOpen} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={cn(OVERLAY, isAbove && 'z-50')} />
        <Radix.Content
          className={cn(
            'fixed z-50 flex flex-col border bg-card shadow-float outline-none',
            PLACES[side],
            isAbove && 'z-60',
            className,
          )}
          onOpenAutoFocus={() => {
            opener.current = document.activeElement
          }}
          onCloseAutoFocus={(event) => {
            // Dialogs here are opened by state and not by a trigger of Radix, which would have been focused again.
            if (!(opener.current instanceof HTMLElement) || !opener.current.isConnected) return
            event.preventDefault()
            opener.current.focus({ preventScroll: true })
          }}
          onEscapeKeyDown={keep}
          onInteractOutside={keep}
          {...(description === undefined && { 'aria-describedby': undefined })}
        >
          <div className="flex items-start justify-between gap-4 p-4 pb-3 sm:px-5">
            <div className="min-w-0">
              <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description className="mt-1 text-muted-foreground">{description}</Radix.Description>
              )}
            </div>
            {!isKept && (
              <Radix.Close aria-label={t('actions.close')} className="-m-1.5 rounded-md p-1.5 hover:bg-hover">
                <X className="size-5" aria-hidden />
              </Radix.Close>
            )}
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-4 pt-0 pb-[max(1rem,env(safe-area-inset-bottom))] sm:px-5">
            <Suspense fallback={<Skeleton className="h-40" />}>{children}</Suspense>
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

export function DialogFooter({ children }: { children: ReactNode }) {
  return <div className="mt-5 flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">{children}</div>
}
