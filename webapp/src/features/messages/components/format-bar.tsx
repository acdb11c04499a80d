import { Bold, Code, EyeOff, Italic, Link2, Strikethrough, Underline } from 'lucide-react'
import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'

const MARKS = [
  { name: 'bold', icon: Bold, before: '<b>', after: '</b>' },
  { name: 'italic', icon: Italic, before: '<i>', after: '</i>' },
  { name: 'underline', icon: Underline, before: '<u>', after: '</u>' },
  { name: 'strike', icon: Strikethrough, before: '<s>', after: '</s>' },
  { name: 'code', icon: Code, before: '<code>', after: '</code>' },
  { name: 'spoiler', icon: EyeOff, before: '<tg-spoiler>', after: '</tg-spoiler>' },
  { name: 'link', icon: Link2, before: '<a href="https://">', after: '</a>' },
] as const

interface FormatBarProps {
  area: RefObject<HTMLTextAreaElement>
  variables: string[]
  text: string
  onChange: (text: string) => void
}

/** Puts marks around what is chosen, and variables where the cursor is. */
export function FormatBar({ area, variables, text, onChange }: FormatBarProps) {
  const { t, i18n } = useTranslation('messages')
  const put = (before: string, after = '') => {
    const field = area.current
    if (!field) return
    const { selectionStart: start, selectionEnd: end } = field
    const inside = text.slice(start, end)
    onChange(text.slice(0, start) + before + inside + after + text.slice(end))
    const at = start + before.length + inside.length + (inside === '' ? 0 : after.length)
    requestAnimationFrame(() => {
      field.focus()
      field.setSelectionRange(at, at)
    })
  }
  return (
    <div className="space-y-2">
      <div role="toolbar" aria-label={t('marks.label')} className="-ml-1.5 flex flex-wrap">
        {MARKS.map(({ name, icon: Icon, before, after }) => (
          <Button
            key={name}
            variant="ghost"
            size="icon"
            aria-label={t(`marks.${name}`)}
            title={t(`marks.${name}`)}
            onClick={() => put(before, after)}
          >
            <Icon aria-hidden />
          </Button>
        ))}
      </div>
      {variables.length > 0 && (
        <div role="group" aria-label={t('variables.label')} className="flex flex-wrap items-center gap-1.5">
          <span className="text-muted-foreground">{t('variables.label')}:</span>
          {variables.map((name) => {
            const key = `variables.${name}`
            const words = i18n.exists(`messages:${key}`) ? t(key as 'variables.plan') : name
            return (
              <button
                key={name}
                type="button"
                title={words}
                aria-label={t('variables.insert', { name: words })}
                onClick={() => put(`{${name}}`)}
                className="rounded-sm bg-info-soft px-1.5 py-0.5 font-mono text-xs text-info hover:bg-hover"
              >
                {`{${name}}`}
              </button>
            )
          })}
        </div>
      )}
    </div>
  )
}
