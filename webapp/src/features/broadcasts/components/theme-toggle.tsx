import { Moon, Sun } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import type { TelegramTheme } from '../own-theme'

interface ThemeToggleProps {
  theme: TelegramTheme
  onChange: (theme: TelegramTheme) => void
}

/** Whether the message is shown as in a light chat or in a dark one. */
export function ThemeToggle({ theme, onChange }: ThemeToggleProps) {
  const { t } = useTranslation('broadcasts')
  return (
    <div role="group" aria-label={t('preview.theme')} className="flex gap-1">
      {(
        [
          ['light', Sun],
          ['dark', Moon],
        ] as const
      ).map(([name, Icon]) => (
        <Button
          key={name}
          size="icon"
          variant={theme === name ? 'outline' : 'ghost'}
          aria-pressed={theme === name}
          aria-label={t(`preview.themes.${name}`)}
          title={t(`preview.themes.${name}`)}
          onClick={() => onChange(name)}
        >
          <Icon aria-hidden />
        </Button>
      ))}
    </div>
  )
}
