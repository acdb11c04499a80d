import { useTranslation } from 'react-i18next'
import { Button } from './button'
import { CopyButton } from './copy-button'
import { DialogFooter } from './dialog'
import { Notice } from './notice'

interface ShownOnceProps {
  /** What nobody can be shown again. */
  secret: string
  copyLabel: string
  warning: string
  onDone: () => void
}

/** A secret that is shown this once, to be copied before it is put away. */
export function ShownOnce({ secret, copyLabel, warning, onDone }: ShownOnceProps) {
  const { t } = useTranslation()
  return (
    <div className="space-y-4">
      <Notice tone="warning">{warning}</Notice>
      <code className="block rounded-md border bg-muted p-3 break-all select-all">{secret}</code>
      <DialogFooter>
        <CopyButton value={secret} label={copyLabel} isLabelShown />
        <Button variant="primary" onClick={onDone}>
          {t('actions.close')}
        </Button>
      </DialogFooter>
    </div>
  )
}
