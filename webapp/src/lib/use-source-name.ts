import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'

const KINDS = ['claim', 'code', 'gift', 'import', 'ref'] as const
const LINKS = /^(plan|promo)_(.*)$/

/** What a source is called: a kind of links has words of ours, a campaign's code stands as its owner wrote it. */
export function useSourceName(): (source: string) => string {
  const { t } = useTranslation()
  return useCallback(
    (source) => {
      const kind = KINDS.find((name) => name === source)
      if (kind !== undefined) return t(`sources.${kind}`)
      const [, link, code] = LINKS.exec(source) ?? []
      if (link === undefined) return source
      return link === 'plan' ? t('sources.plan') : t('sources.promo', { code })
    },
    [t],
  )
}
