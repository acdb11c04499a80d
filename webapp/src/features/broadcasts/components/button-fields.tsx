import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react'
import { useWatch } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import type { PlanOut, PromoCodeOut } from '@/api'
import { SelectField, SwitchField, TextField } from '@/components/form/fields'
import { Button } from '@/components/ui/button'
import { type ButtonValues, type DraftControl, TARGETS } from '../draft'

export interface TargetChoices {
  plans: PlanOut[]
  codes: PromoCodeOut[]
}

interface ButtonFieldsProps extends TargetChoices {
  control: DraftControl
  index: number
  target: ButtonValues['target']
  onRemove: () => void
  onUp: (() => void) | undefined
  onDown: (() => void) | undefined
}

/** One button: what it says, and what it opens. */
export function ButtonFields({
  control,
  index,
  target,
  onRemove,
  onUp,
  onDown,
  ...choices
}: ButtonFieldsProps) {
  const { t } = useTranslation('broadcasts')
  const number = index + 1
  return (
    <fieldset className="min-w-0 space-y-4 rounded-lg border p-4 pt-2">
      <legend className="px-1 font-medium">{t('buttons.one', { number })}</legend>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          control={control}
          name={`buttons.${index}.text`}
          label={t('buttons.text')}
          maxLength={64}
          autoComplete="off"
        />
        <SelectField
          control={control}
          name={`buttons.${index}.target`}
          label={t('buttons.target')}
          choices={TARGETS.map((value) => ({ value, label: t(`buttons.targets.${value}`) }))}
        />
        <Target control={control} index={index} target={target} {...choices} />
      </div>
      <div className="flex flex-wrap items-center justify-between gap-2">
        {index > 0 ? (
          <SwitchField
            control={control}
            name={`buttons.${index}.is_beside`}
            label={t('buttons.beside')}
            className="min-w-60"
          />
        ) : (
          <span />
        )}
        <div className="-my-1 flex">
          <Button
            variant="ghost"
            size="icon"
            aria-label={t('buttons.up', { number })}
            title={t('buttons.up', { number })}
            disabled={onUp === undefined}
            onClick={onUp}
          >
            <ArrowUp aria-hidden />
          </Button>
          <Button
            variant="ghost"
            size="icon"
            aria-label={t('buttons.down', { number })}
            title={t('buttons.down', { number })}
            disabled={onDown === undefined}
            onClick={onDown}
          >
            <ArrowDown aria-hidden />
          </Button>
          <Button
            variant="ghost"
            size="icon"
            aria-label={t('buttons.remove', { number })}
            title={t('buttons.remove', { number })}
            onClick={onRemove}
          >
            <Trash2 aria-hidden />
          </Button>
        </div>
      </div>
    </fieldset>
  )
}

type TargetProps = Pick<ButtonFieldsProps, 'control' | 'index' | 'target'> & TargetChoices

function Target({ control, index, target, plans, codes }: TargetProps) {
  const { t } = useTranslation('broadcasts')
  const chosen = useWatch({ control, name: `buttons.${index}.${target}` })
  if (target === 'url')
    return (
      <TextField
        className="sm:col-span-2"
        control={control}
        name={`buttons.${index}.url`}
        label={t('buttons.targets.url')}
        placeholder="https://"
        inputMode="url"
        maxLength={512}
        autoComplete="off"
      />
    )
  // What was archived or switched off meanwhile is shown where it is chosen already, and nowhere else.
  const found =
    target === 'plan_id'
      ? plans
          .filter(({ id, archived_at }) => archived_at === null || id === chosen)
          .map(({ id, title }) => ({ value: id, label: title }))
      : codes
          .filter(({ id, is_active }) => is_active || id === chosen)
          .map(({ id, code }) => ({ value: id, label: code }))
  return (
    <SelectField
      key={target}
      className="sm:col-span-2"
      control={control}
      name={`buttons.${index}.${target}`}
      label={t(`buttons.targets.${target}`)}
      hint={t(`buttons.hints.${target}`)}
      choices={[{ value: '', label: t('buttons.choose') }, ...found]}
    />
  )
}
