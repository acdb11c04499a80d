import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router-dom'
import { authLogOut } from '@/api'
import { notify } from './notify'

/** Ends the session and leads to the log-in; nothing of the person stays behind in the page. */
export function useLogOut(): () => Promise<void> {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  return async () => {
    try {
      await authLogOut()
    } catch {
      notify.error(t('toasts.logOutFailed'))
      return
    }
    client.clear()
    navigate('/log-in')
  }
}
