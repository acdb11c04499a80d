import { useTranslation } from 'react-i18next'
import { type ImportOut, importsStart } from '@/api'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { useTenantAction } from '@/lib/requests'
import { useFormat } from '@/lib/use-format'
import { countPeople } from '../outcomes'
import { useEnds } from '../use-ends'

interface StartQuestionProps {
  found: ImportOut
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
}

/** Asked before a list gives anything: to how many people, which plan, and until when. */
export function StartQuestion({ found, isOpen, onOpenChange }: StartQuestionProps) {
  const { t } = useTranslation('imports')
  const format = useFormat()
  const ends = useEnds()(found)
  const count = countPeople(found)
  const { claim } = found.outcomes
  const start = useTenantAction((path) => importsStart({ path: { ...path, import_id: found.id } }), {
    onDone: () => onOpenChange(false),
  })
  const plan = found.plan_title
  return (
    <AlertDialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      tone="primary"
      title={
        count > 0 ? t('question.title', { count, people: format.number(count) }) : t('question.titleHeld')
      }
      description={
        <div className="space-y-2">
          <p className="break-words text-foreground">
            {ends === undefined
              ? t('question.plan', { plan })
              : ends.from === ends.until
                ? t('question.until', { plan, until: ends.until })
                : t('question.span', { plan, ...ends })}
          </p>
          {claim > 0 && <p>{t('question.links', { count: claim, people: format.number(claim) })}</p>}
          <p>{t('question.text')}</p>
        </div>
      }
      confirmLabel={t('question.submit')}
      isPending={start.isPending}
      onConfirm={() => start.mutate()}
    />
  )
}
