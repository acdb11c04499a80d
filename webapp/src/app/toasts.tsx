import { useTranslation } from 'react-i18next'
import { Toaster } from 'sonner'
import { useTheme } from '@/lib/theme'
import { useIsPhone } from '@/lib/use-media'

export default function Toasts() {
  const { t } = useTranslation()
  const theme = useTheme()
  const isPhone = useIsPhone()
  return (
    <Toaster
      theme={theme}
      position={isPhone ? 'top-center' : 'bottom-right'}
      containerAriaLabel={t('toasts.label')}
      closeButton
      toastOptions={{
        closeButtonAriaLabel: t('actions.close'),
        classNames: {
          toast: 'bg-card! text-foreground! border-border! shadow-float!',
          description: 'text-muted-foreground!',
        },
      }}
    />
  )
}
