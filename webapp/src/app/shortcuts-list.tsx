import { useTranslation } from 'react-i18next'
import { Dialog } from '@/components/ui/dialog'
import { showOverlay } from './overlays'
import { useSections } from './use-sections'

export default function ShortcutsList() {
  const { t } = useTranslation()
  const sections = useSections()
  const rows: [string, string[]][] = [
    [t('shortcuts.palette'), ['Ctrl', 'K']],
    [t('shortcuts.search'), ['/']],
    ...sections.map(({ name, key }): [string, string[]] => [
      t('shortcuts.goTo', { page: t(`nav.${name}`) }),
      ['G', key.replace('Key', '')],
    ]),
    [t('shortcuts.help'), ['?']],
    [t('shortcuts.close'), ['Esc']],
  ]
  return (
    <Dialog isOpen onOpenChange={() => showOverlay(undefined)} title={t('shortcuts.title')}>
      <dl className="divide-y">
        {rows.map(([name, keys]) => (
          <div key={name} className="flex items-center justify-between gap-4 py-2">
            <dt>{name}</dt>
            <dd className="flex gap-1">
              {keys.map((key) => (
                <kbd key={key} className="rounded-sm border bg-muted px-1.5 py-0.5 font-mono text-xs">
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
