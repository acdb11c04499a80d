import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useNavigate } from 'react-router-dom'
import type { LogInOut } from '@/api'
import { changeLanguage, toLanguage } from '@/i18n'
import { safeReturnPath, session } from '@/lib/session'

/** What follows a login: its second step, or the page that was wanted; nothing of whoever was logged in before is shown. The account's language is that of the portal. */
export function useEntry(returnPath: string | null): (entry: Pick<LogInOut, 'status' | 'admin'>) => void {
  const client = useQueryClient()
  const navigate = useNavigate()
  return useCallback(
    ({ status, admin }) => {
      if (status === 'second_factor_needed') {
        const search = returnPath === null ? '' : `?return=${encodeURIComponent(returnPath)}`
        navigate(`/log-in/code${search}`, { replace: true })
        return
      }
      client.clear()
      session.set(false)
      if (admin !== null) void changeLanguage(toLanguage(admin.locale))
      navigate(safeReturnPath(returnPath), { replace: true })
    },
    [client, navigate, returnPath],
  )
}
