import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type BotOut, type PromoCodeOut, broadcastsCreateForExpired } from '@/api'
import { NumberField, SelectField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { useTenant } from '@/lib/tenancy'
import { type CallsValues, callsSchema, newCalls, toCalls } from '../calls'
import { SeriesWords } from './series-words'

interface CallsFormProps {
  bots: BotOut[]
  codes: PromoCodeOut[]
  onClose: () => void
}

/** Three drafts in ready words for those who left: when each goes, and what it offers. */
export function CallsForm({ bots, codes, onClose }: CallsFormProps) {
  const { t } = useTranslation(['broadcasts', 'common'])
  const { id } = useTenant()
  // One key for one content: a press that is repeated makes no second set of drafts.
  const intention = useRef({ content: '', key: '' })
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema: callsSchema,
    defaults: newCalls(bots[0]?.id ?? ''),
    send: (values: CallsValues) => {
      const content = JSON.stringify(values)
      if (intention.current.content !== content) intention.current = { content, key: crypto.randomUUID() }
      const body = { ...toCalls(values), idempotence_key: intention.current.key }
      return broadcastsCreateForExpired({ path: { tenant_id: id }, body })
    },
    done: t('calls.done'),
    onDone: onClose,
  })
  const { control } = form
  const { bot_id, calls } = form.watch()
  const offered = codes.filter((code) => code.bot_id === bot_id && code.is_active)
  const choices = [
    { value: '', label: t('calls.noCode') },
    ...offered.map((code) => ({ value: code.id, label: code.code })),
  ]
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      {bots.length > 1 && (
        <SelectField
          control={control}
          name="bot_id"
          label={t('fields.bot')}
          choices={bots.map((bot) => ({ value: bot.id, label: `@${bot.username}` }))}
          onChosen={() => calls.forEach((_, index) => form.setValue(`calls.${index}.promo_code_id`, ''))}
        />
      )}
      {calls.map((_, index) => (
        <fieldset key={index} className="min-w-0">
          <legend className="mb-1.5 font-medium">{t('calls.one', { number: index + 1 })}</legend>
          <div className="grid grid-cols-[7rem_minmax(0,1fr)] gap-4">
            <NumberField
              control={control}
              name={`calls.${index}.after_days`}
              label={t('calls.days')}
              min={1}
              max={90}
            />
            <SelectField
              control={control}
              name={`calls.${index}.promo_code_id`}
              label={t('buttons.targets.promo_code_id')}
              choices={choices}
            />
          </div>
        </fieldset>
      ))}
      <p className="text-muted-foreground">
        <SeriesWords of={offered.length > 0 ? 'calls.hint' : 'calls.noCodes'} />
      </p>
      <FormButtons>
        <Button onClick={onClose}>{t('common:actions.cancel')}</Button>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('calls.submit')}
        </Button>
      </FormButtons>
    </Form>
  )
}
