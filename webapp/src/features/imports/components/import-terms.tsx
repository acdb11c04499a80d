import { useTranslation } from 'react-i18next'
import type { ImportOut } from '@/api'
import { Definitions } from '@/components/ui/definitions'
import { useFormat } from '@/lib/use-format'
import { countPeople } from '../outcomes'
import { useEnds } from '../use-ends'

/** Which plan a list gives; before and while it does, also until when and to how many people. */
export function ImportTerms({ found }: { found: ImportOut }) {
  const { t } = useTranslation('imports')
  const format = useFormat()
  const ends = useEnds()(found)
  const isSame = ends?.from === ends?.until
  return (
    <Definitions
      rows={[
        [t('summary.plan'), found.plan_title],
        ...(ends === undefined
          ? []
          : [[t('summary.until'), isSame ? ends.until : t('summary.span', ends)] as const]),
        ...(found.status === 'checked'
          ? [[t('summary.people'), format.number(countPeople(found))] as const]
          : []),
      ]}
    />
  )
}
