import { CalendarPlus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { extensionsCountOptions, extensionsListOptions } from '@/api/@tanstack/react-query.gen'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { later } from '@/lib/later'
import { toQueryString } from '@/lib/query-string'
import { useTenantQuery } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'
import { isUnderWay } from '../progress'
import { RunningExtension } from './running-extension'

const ExtendAllForm = later(() => import('./extend-all-form').then((file) => file.ExtendAllForm))

/** Of the list at hand: everybody on it gets the days. */
export function ExtendAllButton({ filters }: { filters: Parameters<typeof toQueryString>[0] }) {
  const { t } = useTranslation('extensions')
  const can = useCan()
  const [isOpen, setIsOpen] = useState(false)
  if (!can('extensions-request')) return null
  const query = toQueryString(filters)
  return (
    <>
      <Button onClick={() => setIsOpen(true)}>
        <CalendarPlus aria-hidden />
        {t('open')}
      </Button>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title={t('title')}
        description={t(query === '' ? 'all' : 'filtered')}
      >
        <ExtendAll query={query} onClose={() => setIsOpen(false)} />
      </Dialog>
    </>
  )
}

function ExtendAll({ query, onClose }: { query: string; onClose: () => void }) {
  const [begunId, setBegunId] = useState<string>()
  const latest = useTenantQuery((path) => extensionsListOptions({ path, query: { size: 1 } }))
  const count = useTenantQuery((path) => extensionsCountOptions({ path, query: { query } }))
  return (
    <Loaded query={latest} skeleton={<Skeleton className="h-48" />}>
      {({ items: [last] }) => {
        const shownId = begunId ?? (last && isUnderWay(last) ? last.id : undefined)
        if (shownId) return <RunningExtension extensionId={shownId} onClose={onClose} />
        return (
          <Loaded query={count} skeleton={<Skeleton className="h-48" />}>
            {(found) => (
              <ExtendAllForm
                query={query}
                count={found.count}
                onBegun={({ id }) => setBegunId(id)}
                onClose={onClose}
              />
            )}
          </Loaded>
        )
      }}
    </Loaded>
  )
}
