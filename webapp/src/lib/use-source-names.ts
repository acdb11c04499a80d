import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { campaignsListNamesOptions } from '@/api/@tanstack/react-query.gen'
import { useTenantQuery } from './requests'
import { useCan } from './tenancy'

const KINDS = ['claim', 'code', 'gift', 'import', 'ref'] as const
const LINKS = /^(plan|promo)_(.*)$/

interface SourceNames {
  /** What a source is called: a kind of links has words of ours, a campaign the name that its owner gave it. */
  nameOf: (source: string) => string
  /** The same with the label of a campaign's link behind it. */
  hintOf: (source: string) => string
}

export function useSourceNames(): SourceNames {
  const { t } = useTranslation()
  const can = useCan()
  const { data } = useTenantQuery((path) => campaignsListNamesOptions({ path }), {
    enabled: can('campaigns-list_names'),
  })
  return useMemo(() => {
    const campaigns = data?.names ?? []
    const campaignOf = (source: string) => {
      // Bots may have links with one label each: it is not known here whose is meant.
      const names = campaigns.filter((campaign) => campaign.source === source).map(({ name }) => name)
      return names.length === 0 ? undefined : [...new Set(names)].join(' / ')
    }
    const nameOf = (source: string) => {
      const kind = KINDS.find((name) => name === source)
      if (kind !== undefined) return t(`sources.${kind}`)
      const [, link, code] = LINKS.exec(source) ?? []
      if (link === undefined) return campaignOf(source) ?? source
      return link === 'plan' ? t('sources.plan') : t('sources.promo', { code })
    }
    const hintOf = (source: string) => {
      const name = campaignOf(source)
      return name === undefined || name === source ? nameOf(source) : `${name} (${source})`
    }
    return { nameOf, hintOf }
  }, [t, data])
}
