import { useTranslation } from 'react-i18next'
import { type PlanOut, type PromoCodeOut, promoCodesChange, promoCodesGet } from '@/api'
import { TextField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { Card, CardBody } from '@/components/ui/card'
import { useTenant } from '@/lib/tenancy'
import { SERVER_NAMES, changeSchema, termsOf, toBody } from '../terms'
import { CodeFields } from './code-fields'

interface CodeFormProps {
  code: PromoCodeOut
  plans: PlanOut[]
  currency: string
  isReadOnly: boolean
}

export function CodeForm({ code, plans, currency, isReadOnly }: CodeFormProps) {
  const { t } = useTranslation(['promo-codes', 'common'])
  const { id, time_zone } = useTenant()
  const path = { tenant_id: id, promo_code_id: code.id }
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema: changeSchema,
    defaults: termsOf(code, time_zone),
    send: (terms) => promoCodesChange({ path, body: toBody(terms, time_zone, currency) }),
    done: t('change.done'),
    newest: async () => termsOf((await promoCodesGet({ path })).data, time_zone),
    draftKey: `${id}.promo.${code.id}`,
    serverNames: SERVER_NAMES,
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError} isDirty={form.formState.isDirty && !isPending}>
      <fieldset disabled={isReadOnly} className="min-w-0 space-y-5">
        <Card>
          <CardBody>
            <TextField
              control={form.control}
              name="code"
              label={t('fields.code')}
              className="[&_input]:font-mono [&_input]:uppercase"
              maxLength={32}
              autoComplete="off"
            />
          </CardBody>
        </Card>
        <CodeFields form={form} plans={plans} currency={currency} />
      </fieldset>
      {!isReadOnly && (
        <FormButtons>
          <Button type="submit" variant="primary" isPending={isPending} disabled={!form.formState.isDirty}>
            {t('common:actions.save')}
          </Button>
        </FormButtons>
      )}
    </Form>
  )
}
