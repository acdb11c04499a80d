import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type BotOut, type GeneratedOut, type PlanOut, promoCodesGenerate } from '@/api'
import { NumberField, SelectField, TextField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { Card, CardBody } from '@/components/ui/card'
import { useTenant } from '@/lib/tenancy'
import { SERVER_NAMES, manyCodesSchema, newTerms, toBody } from '../terms'
import { CodeFields } from './code-fields'

interface GenerateFormProps {
  bots: BotOut[]
  plans: PlanOut[]
  currency: string
  onDone: (made: GeneratedOut) => void
  onCancel: () => void
}

export function GenerateForm({ bots, plans, currency, onDone, onCancel }: GenerateFormProps) {
  const { t } = useTranslation(['promo-codes', 'common'])
  const { id, time_zone } = useTenant()
  // One key for one set of terms: a press that is repeated, or repeats a request without an answer, makes no more codes.
  const intention = useRef({ terms: '', key: '' })
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema: manyCodesSchema,
    defaults: { ...newTerms(), max_uses: 1, bot_id: bots[0]?.id ?? '', length: 8, count: 20 },
    send: (values) => {
      const body = toBody(values, time_zone, currency)
      const terms = JSON.stringify(body)
      if (intention.current.terms !== terms) intention.current = { terms, key: crypto.randomUUID() }
      return promoCodesGenerate({
        path: { tenant_id: id },
        body: { ...body, idempotence_key: intention.current.key },
      })
    },
    onDone,
    serverNames: SERVER_NAMES,
  })
  const [botId, prefix, length] = form.watch(['bot_id', 'code', 'length'])
  const example = prefix.toUpperCase() + 'K7PQM2XRA4TW9HNC'.slice(0, length || 0)
  return (
    <Form onSubmit={onSubmit} rootError={rootError} isDirty={form.formState.isDirty && !isPending}>
      <Card>
        <CardBody className="grid gap-5 sm:grid-cols-3">
          {bots.length > 1 && (
            <SelectField
              className="sm:col-span-3"
              control={form.control}
              name="bot_id"
              label={t('fields.bot')}
              choices={bots.map((bot) => ({ value: bot.id, label: `@${bot.username}` }))}
              onChosen={() => form.setValue('plan_ids', [])}
            />
          )}
          <NumberField control={form.control} name="count" label={t('generate.count')} min={1} max={1000} />
          <TextField
            control={form.control}
            name="code"
            label={t('generate.prefix')}
            isOptional
            placeholder="VIP-"
            className="[&_input]:font-mono [&_input]:uppercase"
            maxLength={16}
            autoComplete="off"
          />
          <NumberField control={form.control} name="length" label={t('generate.length')} min={6} max={16} />
          <p className="text-muted-foreground sm:col-span-3">
            {t('generate.example')} <code className="font-mono text-foreground">{example}</code>
          </p>
        </CardBody>
      </Card>
      <CodeFields
        form={form as unknown as Parameters<typeof CodeFields>[0]['form']}
        plans={plans.filter((plan) => plan.bot_id === botId)}
        currency={currency}
      />
      <FormButtons>
        <Button onClick={onCancel}>{t('common:actions.cancel')}</Button>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('generate.submit')}
        </Button>
      </FormButtons>
    </Form>
  )
}
