import type { toast } from 'sonner'

/** Short messages at the edge of the page. The library that shows them is loaded with the first one, not with the page. */
type Toasts = typeof toast

function show(tell: (toast: Toasts) => void): void {
  void import('sonner').then(({ toast }) => tell(toast))
}

export const notify = {
  success: (text: string) => show((toast) => toast.success(text)),
  /** Of the messages with one `id` only the last is shown. */
  error: (text: string, id?: string) => show((toast) => toast.error(text, id === undefined ? {} : { id })),
  /** Something was done that can be taken back for eight seconds. */
  undo: (text: string, action: { label: string; onClick: () => void }) =>
    show((toast) => toast.success(text, { action, duration: 8000 })),
}
