import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type BroadcastOut, broadcastsResendUncertain, broadcastsRetryFailed } from '@/api'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { useTenantAction } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'
import { canWriteAgain } from '../run'

interface AgainNoticesProps {
  found: BroadcastOut
  /** Shows the people of a state in the list below. */
  onShow: (state: 'failed' | 'uncertain') => void
}

/** Those who did not get the message, or perhaps did: a person decides whether to write to them again. */
export function AgainNotices({ found, onShow }: AgainNoticesProps) {
  return (
    <>
      {found.uncertain_count > 0 && <Again found={found} state="uncertain" onShow={onShow} />}
      {found.failed_count > 0 && <Again found={found} state="failed" onShow={onShow} />}
    </>
  )
}

const CALLS = { failed: broadcastsRetryFailed, uncertain: broadcastsResendUncertain }
const NEEDS = { failed: 'broadcasts-retry_failed', uncertain: 'broadcasts-resend_uncertain' } as const

function Again({ found, state, onShow }: AgainNoticesProps & { state: 'failed' | 'uncertain' }) {
  const { t } = useTranslation('broadcasts')
  const format = useFormat()
  const can = useCan()
  const [isAsked, setIsAsked] = useState(false)
  const again = useTenantAction((path) => CALLS[state]({ path: { ...path, broadcast_id: found.id } }), {
    done: t('again.done'),
    onDone: () => setIsAsked(false),
  })
  const count = found[`${state}_count`]
  const values = { count, people: format.number(count) }
  return (
    <Notice
      tone={state === 'failed' ? 'danger' : 'warning'}
      title={t(`again.${state}.title`, values)}
      actions={
        <>
          {can(NEEDS[state]) && canWriteAgain(found, state) && (
            <Button size="sm" onClick={() => setIsAsked(true)}>
              {t(`again.${state}.open`)}
            </Button>
          )}
          <Button size="sm" variant="ghost" onClick={() => onShow(state)}>
            {t('again.show')}
          </Button>
        </>
      }
    >
      {t(`again.${state}.text`)}
      <AlertDialog
        isOpen={isAsked}
        onOpenChange={setIsAsked}
        tone={state === 'failed' ? 'primary' : 'danger'}
        title={t(`again.${state}.ask`, values)}
        description={t(`again.${state}.warning`)}
        confirmLabel={t(`again.${state}.open`)}
        isPending={again.isPending}
        onConfirm={() => again.mutate()}
      />
    </Notice>
  )
}
