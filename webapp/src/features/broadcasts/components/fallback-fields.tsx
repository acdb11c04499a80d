import { useTranslation } from 'react-i18next'
import { TextField } from '@/components/form/fields'
import { type DraftControl, VARIABLES } from '../draft'

interface FallbackFieldsProps {
  control: DraftControl
  text: string
}

/** What stands for each variable of the text where somebody has nothing to put there. */
export function FallbackFields({ control, text }: FallbackFieldsProps) {
  const { t } = useTranslation('broadcasts')
  const used = VARIABLES.filter((name) => text.includes(`{${name}}`))
  if (used.length === 0) return null
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      {used.map((name) => (
        <TextField
          key={name}
          control={control}
          name={`${name}_fallback`}
          label={t(`fallbacks.${name}.label`)}
          hint={t(`fallbacks.${name}.hint`)}
          isOptional
          maxLength={64}
          autoComplete="off"
        />
      ))}
    </div>
  )
}
