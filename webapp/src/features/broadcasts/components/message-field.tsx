import { useRef } from 'react'
import { useController } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { Field } from '@/components/form/field'
import { FormatBar } from '@/components/telegram-html/format-bar'
import { visibleLength } from '@/components/telegram-html/parse'
import { useMarks } from '@/components/telegram-html/use-marks'
import { Textarea } from '@/components/ui/textarea'
import { cn } from '@/lib/cn'
import { useFormat } from '@/lib/use-format'
import { type DraftControl, VARIABLES } from '../draft'

/** The text: marks by buttons and by keys, and how much of what Telegram shows there is room for. */
export function MessageField({ control, limit }: { control: DraftControl; limit: number }) {
  const { t } = useTranslation(['broadcasts', 'markup'])
  const format = useFormat()
  const area = useRef<HTMLTextAreaElement | null>(null)
  const { field, fieldState } = useController({ control, name: 'text' })
  const { put, onKeyDown } = useMarks(area, field.value, field.onChange)
  const length = visibleLength(field.value)
  const error = fieldState.error && (fieldState.error.message ?? '')
  const used = t('markup:length', { used: format.number(length), limit: format.number(limit) })
  return (
    <Field
      label={t('fields.text')}
      error={error}
      hint={
        <span
          className={cn('block text-right text-xs tabular-nums', length > limit && 'font-medium text-danger')}
        >
          {used}
        </span>
      }
    >
      {(aria) => (
        <div className="space-y-2">
          <FormatBar
            put={put}
            variables={VARIABLES.map((name) => ({ name, words: t(`variables.${name}`) }))}
          />
          <p className="text-xs text-muted-foreground">{t('variables.hint')}</p>
          <Textarea
            {...aria}
            {...field}
            ref={(element) => {
              area.current = element
              field.ref(element)
            }}
            maxLength={8192}
            spellCheck
            className="min-h-48"
            onKeyDown={onKeyDown}
          />
        </div>
      )}
    </Field>
  )
}
