import { AlertDialog as Radix } from 'radix-ui'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { Button } from './button'
import { Input } from './input'

interface AlertDialogProps {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  title: ReactNode
  description: ReactNode
  /** What the button that does it says: a verb. */
  confirmLabel: string
  onConfirm: () => void
  cancelLabel?: string
  isPending?: boolean
  tone?: 'danger' | 'primary'
  /** What has to be typed first: for what cannot be taken back. */
  typeToConfirm?: string
}

export function AlertDialog(props: AlertDialogProps) {
  return (
    <Radix.Root open={props.isOpen} onOpenChange={props.onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/45 data-[state=open]:animate-in data-[state=open]:fade-in-0" />
        <Radix.Content className="fixed inset-x-4 top-1/2 z-50 mx-auto max-w-md -translate-y-1/2 rounded-lg border bg-card p-5 shadow-float outline-none data-[state=open]:animate-in data-[state=open]:fade-in-0">
          <Question {...props} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

function Question({
  title,
  description,
  confirmLabel,
  onConfirm,
  cancelLabel,
  isPending = false,
  tone = 'danger',
  typeToConfirm,
}: AlertDialogProps) {
  const { t } = useTranslation()
  const inputId = useId()
  const [typed, setTyped] = useState('')
  const isConfirmed = typeToConfirm === undefined || typed.trim() === typeToConfirm
  const submit = (event: FormEvent) => {
    event.preventDefault()
    // The question may be asked inside another form, which must not take this for its own.
    event.stopPropagation()
    if (isConfirmed) onConfirm()
  }
  return (
    <form onSubmit={submit}>
      <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
      <Radix.Description asChild>
        <div className="mt-1.5 text-muted-foreground">{description}</div>
      </Radix.Description>
      {typeToConfirm !== undefined && (
        <div className="mt-4">
          <label htmlFor={inputId} className="mb-1.5 block">
            <Trans
              i18nKey="confirm.typeName"
              values={{ name: typeToConfirm }}
              components={{ name: <strong className="font-mono font-semibold" /> }}
            />
          </label>
          <Input
            id={inputId}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
          />
        </div>
      )}
      <div className="mt-5 flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
        <Radix.Cancel asChild>
          <Button>{cancelLabel ?? t('actions.cancel')}</Button>
        </Radix.Cancel>
        <Button type="submit" variant={tone} disabled={!isConfirmed} isPending={isPending}>
          {confirmLabel}
        </Button>
      </div>
    </form>
  )
}
