import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { MARKS, type Mark, keysOf } from './marks'

interface FormatBarProps {
  /** `put` of `useMarks`. */
  put: (before: string, after?: string) => void
  /** What stands in braces, with words for it. */
  variables: readonly { name: string; words: string }[]
}

const IS_MAC = /mac/i.test(navigator.userAgent)

/** Puts marks around what is chosen, and variables where the cursor is. */
export function FormatBar({ put, variables }: FormatBarProps) {
  const { t } = useTranslation('markup')
  return (
    <div className="space-y-2">
      <div role="toolbar" aria-label={t('marks.label')} className="-ml-1.5 flex flex-wrap">
        {MARKS.map((mark) => (
          <Button
            key={mark.name}
            variant="ghost"
            size="icon"
            aria-label={t(`marks.${mark.name}`)}
            aria-keyshortcuts={ariaKeys(mark)}
            title={`${t(`marks.${mark.name}`)} (${keysOf(mark, IS_MAC)})`}
            onClick={() => put(mark.before, mark.after)}
          >
            <mark.icon aria-hidden />
          </Button>
        ))}
      </div>
      {variables.length > 0 && (
        <div role="group" aria-label={t('variables.label')} className="flex flex-wrap items-center gap-1.5">
          <span className="text-muted-foreground">{t('variables.label')}:</span>
          {variables.map(({ name, words }) => (
            <button
              key={name}
              type="button"
              title={words}
              aria-label={t('variables.insert', { name: words })}
              onClick={() => put(`{${name}}`)}
              className="min-h-7 rounded-sm bg-info-soft px-2 font-mono text-xs text-info hover:bg-hover"
            >
              {`{${name}}`}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}

function ariaKeys({ key, hasShift }: Mark): string {
  const letter = key === 'Period' ? '.' : key.slice('Key'.length)
  return `${IS_MAC ? 'Meta' : 'Control'}+${hasShift ? 'Shift+' : ''}${letter}`
}
