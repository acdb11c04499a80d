import { LogOut, ServerCog, UserRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router-dom'
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '@/components/ui/dropdown-menu'
import { LANGUAGES, currentLanguage } from '@/i18n'
import { type Theme, setTheme, useTheme } from '@/lib/theme'
import { useChooseLanguage } from '@/lib/use-choose-language'
import { useLogOut } from '@/lib/use-log-out'
import { useMe } from '@/lib/use-me'
import { AccountButton } from './account-button'

const THEMES: readonly Theme[] = ['system', 'light', 'dark']

/** Who is logged in, how the app looks and speaks, and the way out. */
export default function AccountMenu() {
  const { t } = useTranslation()
  const me = useMe()
  const theme = useTheme()
  const navigate = useNavigate()
  const logOut = useLogOut()
  const chooseLanguage = useChooseLanguage()
  return (
    <Menu trigger={<AccountButton />} side="top" className="w-60">
      <MenuItem onSelect={() => navigate('/account')}>
        <UserRound aria-hidden />
        {t('account.settings')}
      </MenuItem>
      {me.data?.is_staff && (
        <MenuItem onSelect={() => navigate('/staff')}>
          <ServerCog aria-hidden />
          {t('account.console')}
        </MenuItem>
      )}
      <MenuSeparator />
      <MenuChoice
        label={t('account.theme')}
        value={theme}
        choices={THEMES.map((value) => ({ value, label: t(`account.themes.${value}`) }))}
        onChoose={setTheme}
      />
      <MenuSeparator />
      <MenuChoice
        label={t('account.language')}
        value={currentLanguage()}
        choices={LANGUAGES.map((value) => ({ value, label: t(`account.languages.${value}`) }))}
        onChoose={chooseLanguage}
      />
      <MenuSeparator />
      <MenuItem onSelect={() => void logOut()}>
        <LogOut aria-hidden />
        {t('account.logOut')}
      </MenuItem>
    </Menu>
  )
}
