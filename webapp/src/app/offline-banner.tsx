import { onlineManager } from '@tanstack/react-query'
import { WifiOff } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'

const subscribe = (listen: () => void) => onlineManager.subscribe(listen)
const isOnlineNow = () => onlineManager.isOnline()

/** Says on every page that the network is away, until it is back. Over the header: below stand buttons and their errors. */
export function OfflineBanner() {
  const { t } = useTranslation()
  const isOnline = useSyncExternalStore(subscribe, isOnlineNow)
  return (
    <div role="status" className="pointer-events-none fixed inset-x-4 top-2 z-50 flex justify-center">
      {!isOnline && (
        <p className="flex items-start gap-2 rounded-lg bg-foreground px-4 py-2.5 text-background shadow-float">
          <WifiOff className="mt-0.5 size-4 shrink-0" aria-hidden />
          {t('offline')}
        </p>
      )}
    </div>
  )
}
