import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'

interface TextChangedMeanwhileProps {
  stored: string
  onKeepMine: () => void
  onTakeTheirs: () => void
  isPending: boolean
}

/** Somebody else has stored another text: both are there to be read, and nothing is lost before one is chosen. */
export function TextChangedMeanwhile({
  stored,
  onKeepMine,
  onTakeTheirs,
  isPending,
}: TextChangedMeanwhileProps) {
  const { t } = useTranslation()
  return (
    <Notice
      tone="danger"
      isUrgent
      actions={
        <>
          <Button size="sm" onClick={onTakeTheirs} disabled={isPending}>
            {t('form.takeTheirs')}
          </Button>
          <Button size="sm" onClick={onKeepMine} isPending={isPending}>
            {t('form.keepMine')}
          </Button>
        </>
      }
    >
      <p>{t('form.changedMeanwhile')}</p>
      <p className="mt-2 font-medium">{t('form.storedNow')}</p>
      <pre className="mt-1 max-h-48 overflow-y-auto font-sans break-words whitespace-pre-wrap text-foreground">
        {stored === '' ? t('form.nothingStored') : stored}
      </pre>
    </Notice>
  )
}
