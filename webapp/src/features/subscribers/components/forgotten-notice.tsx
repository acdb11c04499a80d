import { useTranslation } from 'react-i18next'
import type { UserDetailsOut } from '@/api'
import { Notice } from '@/components/ui/notice'
import { useFormat } from '@/lib/use-format'

/** That a person is being forgotten, or was, and what can be done about them still. */
export function ForgottenNotice({ user }: { user: UserDetailsOut }) {
  const { t } = useTranslation('subscribers')
  const format = useFormat()
  const { erasure_asked_at, erased_at } = user
  if (erased_at !== null)
    return (
      <Notice
        tone="info"
        className="mb-5"
        title={t('personalData.notice.erased', { at: format.dateTime(erased_at) })}
      >
        {t('personalData.notice.erasedText')}
      </Notice>
    )
  if (erasure_asked_at === null) return null
  return (
    <Notice
      tone="warning"
      className="mb-5"
      title={t('personalData.notice.asked', { at: format.dateTime(erasure_asked_at) })}
    >
      {t('personalData.notice.askedText')}
    </Notice>
  )
}
