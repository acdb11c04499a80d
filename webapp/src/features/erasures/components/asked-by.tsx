import { useTranslation } from 'react-i18next'
import type { ErasureRowOut } from '@/api'
import { Moment } from '@/components/ui/moment'
import { ASKED_BY } from '../list-url'

/** Who asked, by name where it was one of the team, and when. */
export function AskedBy({ erasure }: { erasure: ErasureRowOut }) {
  const { t } = useTranslation('erasures')
  const kind = ASKED_BY.find((known) => known === erasure.asked_by)
  return (
    <>
      {erasure.asked_by_name || (kind ? t(`askedBy.${kind}`) : erasure.asked_by)}
      <span className="block text-xs text-muted-foreground">
        <Moment at={erasure.asked_at} as="time" />
      </span>
    </>
  )
}
