import { useEffect, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { useBlocker } from 'react-router-dom'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { session } from '@/lib/session'
import { dirtyForms } from './dirty-forms'

/**
 * Asks before typed text is lost: on leaving the page inside the app, and on closing the tab. A page can have several; they
 * ask once.
 */
export function UnsavedGuard({ isDirty }: { isDirty: boolean }) {
  const [guard] = useState(() => Symbol('guard'))
  useEffect(() => dirtyForms.join(guard), [guard])
  useEffect(() => {
    if (isDirty) return dirtyForms.mark(guard)
  }, [guard, isDirty])
  const asks = useSyncExternalStore(dirtyForms.subscribe, dirtyForms.first)
  return asks === guard ? <Question /> : null
}

function Question() {
  const { t } = useTranslation()
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      dirtyForms.areThere() && !session.hasEnded() && currentLocation.pathname !== nextLocation.pathname,
  )
  return (
    <AlertDialog
      isOpen={blocker.state === 'blocked'}
      onOpenChange={(isOpen) => {
        if (!isOpen) blocker.reset?.()
      }}
      title={t('unsaved.title')}
      description={t('unsaved.text')}
      cancelLabel={t('actions.stay')}
      confirmLabel={t('actions.discard')}
      onConfirm={() => blocker.proceed?.()}
    />
  )
}
