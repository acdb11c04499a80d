import { useTranslation } from 'react-i18next'

/** What a job does, in words. */
export function Kind({ kind }: { kind: string }) {
  const { t, i18n } = useTranslation('set-aside')
  const key = `jobs.${kind}`
  return (
    <span title={kind}>{i18n.exists(`set-aside:${key}`) ? t(key as 'jobs.other') : t('jobs.other')}</span>
  )
}
