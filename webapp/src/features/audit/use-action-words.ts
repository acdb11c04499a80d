import { useTranslation } from 'react-i18next'

/** An action in words; one that is not known yet by its name. */
export function useActionWords(): (action: string) => string {
  const { t, i18n } = useTranslation('audit')
  return (action) => {
    const key = `actions.${action}`
    return i18n.exists(`audit:${key}`) ? t(key as 'actions.tenant.created') : action
  }
}
