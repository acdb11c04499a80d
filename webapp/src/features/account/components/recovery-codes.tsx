import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copy-button'
import { DialogFooter } from '@/components/ui/dialog'

/** Shown once: nobody can show them again, only make others. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const { t } = useTranslation('account')
  const text = codes.join('\n')
  return (
    <>
      <ul className="grid gap-x-6 gap-y-1.5 rounded-md border bg-muted/50 p-4 font-mono text-sm sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="mt-3 flex flex-wrap gap-2">
        <CopyButton value={text} label={t('codes.copy')} isLabelShown />
        <Button asChild size="sm">
          <a
            href={`data:text/plain;charset=utf-8,${encodeURIComponent(`${text}\n`)}`}
            download="lumenpay-codes.txt"
          >
            <Download aria-hidden />
            {t('codes.download')}
          </a>
        </Button>
      </div>
      <DialogFooter>
        <Button variant="primary" onClick={onDone}>
          {t('codes.done')}
        </Button>
      </DialogFooter>
    </>
  )
}
