import { Plus } from 'lucide-react'
import { useFieldArray, useWatch } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { type DraftControl, MAX_BUTTONS, newButton } from '../draft'
import { ButtonFields, type TargetChoices } from './button-fields'

interface ButtonsFieldsProps extends TargetChoices {
  control: DraftControl
}

/** The buttons under the message, in their order; each stands beside the one before it, or begins a row. */
export function ButtonsFields({ control, ...choices }: ButtonsFieldsProps) {
  const { t } = useTranslation('broadcasts')
  const { fields, append, remove, move } = useFieldArray({ control, name: 'buttons' })
  const typed = useWatch({ control, name: 'buttons' })
  return (
    <fieldset className="min-w-0 space-y-3">
      <legend className="mb-1.5 font-medium">{t('buttons.title')}</legend>
      <p className="text-muted-foreground">{t('buttons.hint')}</p>
      {fields.map((field, index) => (
        <ButtonFields
          key={field.id}
          control={control}
          index={index}
          target={typed[index]?.target ?? 'url'}
          onRemove={() => remove(index)}
          onUp={index > 0 ? () => move(index, index - 1) : undefined}
          onDown={index < fields.length - 1 ? () => move(index, index + 1) : undefined}
          {...choices}
        />
      ))}
      {fields.length < MAX_BUTTONS && (
        <Button onClick={() => append(newButton())}>
          <Plus aria-hidden />
          {t('buttons.add')}
        </Button>
      )}
    </fieldset>
  )
}
