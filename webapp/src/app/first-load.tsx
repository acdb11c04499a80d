import { LoaderCircle } from 'lucide-react'
import { useTranslation } from 'react-i18next'

export function FirstLoad() {
  const { t } = useTranslation()
  return (
    <div role="status" className="flex min-h-[60dvh] items-center justify-center text-muted-foreground">
      <LoaderCircle className="size-6 animate-spin" aria-hidden />
      <span className="sr-only">{t('loading')}</span>
    </div>
  )
}
