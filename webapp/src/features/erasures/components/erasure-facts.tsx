import { useTranslation } from 'react-i18next'
import type { ErasureRowOut } from '@/api'
import { Definitions } from '@/components/ui/definitions'
import { AskedBy } from './asked-by'
import { ErasureState } from './erasure-state'

/** How far it is with one person. */
export function ErasureFacts({ erasure }: { erasure: ErasureRowOut }) {
  const { t } = useTranslation('erasures')
  return (
    <Definitions
      rows={[
        [t('columns.asked'), <AskedBy key="asked" erasure={erasure} />],
        [t('columns.state'), <ErasureState key="state" erasure={erasure} />],
      ]}
    />
  )
}
