import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'

/** What was edited here is not what is stored any more: nothing was sent over it, and nothing typed is lost. */
export function ChangedMeanwhile({ onLoad, isPending }: { onLoad: () => void; isPending: boolean }) {
  const { t } = useTranslation()
  return (
    <>
      <span className="block">{t('form.changedMeanwhile')}</span>
      <Button size="sm" className="mt-2" onClick={onLoad} isPending={isPending}>
        {t('form.loadNewest')}
      </Button>
    </>
  )
}
