import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type LeavingRulesOut, type PlanOut, type PromoCodeOut, plansSetLeavingRules } from '@/api'
import { NumberField, SelectField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { useTenant } from '@/lib/tenancy'

const KINDS = ['none', 'days', 'promo_code', 'pause'] as const
const schema = z.object({
  pause_days: z.int().gte(0).lte(366),
  pauses_a_year: z.int().gte(0).lte(52),
  offer_kind: z.enum(KINDS),
  offer_days: z.int().gte(1).lte(366).nullable(),
  promo_code_id: z.string(),
})

interface LeavingFormProps {
  plan: PlanOut
  rules: LeavingRulesOut
  promoCodes: PromoCodeOut[]
  isReadOnly: boolean
}

/** How long and how often people may pause, and what they are offered after they turned autopay off. */
export function LeavingForm({ plan, rules, promoCodes, isReadOnly }: LeavingFormProps) {
  const { t } = useTranslation('plans')
  const { id } = useTenant()
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: {
      ...rules,
      offer_kind: rules.offer_kind ?? 'none',
      promo_code_id: rules.promo_code_id ?? '',
    },
    send: ({ offer_kind, promo_code_id, offer_days, ...pause }) =>
      plansSetLeavingRules({
        path: { tenant_id: id, plan_id: plan.id },
        body: {
          ...pause,
          offer_kind: offer_kind === 'none' ? null : offer_kind,
          offer_days: offer_kind === 'days' ? offer_days : null,
          promo_code_id: offer_kind === 'promo_code' ? promo_code_id || null : null,
        },
      }),
    done: t('leaving.done'),
  })
  const { control } = form
  const kind = form.watch('offer_kind')
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <fieldset disabled={isReadOnly} className="grid min-w-0 gap-5 sm:grid-cols-2">
        <NumberField
          control={control}
          name="pause_days"
          label={t('leaving.pauseDays')}
          hint={t('leaving.pauseDaysHint')}
          min={0}
          max={366}
        />
        <NumberField
          control={control}
          name="pauses_a_year"
          label={t('leaving.pausesAYear')}
          hint={t('leaving.pausesAYearHint')}
          min={0}
          max={52}
        />
        <SelectField
          control={control}
          name="offer_kind"
          label={t('leaving.offer')}
          hint={t('leaving.offerHint')}
          choices={KINDS.map((value) => ({ value, label: t(`leaving.offers.${value}`) }))}
        />
        {kind === 'days' && (
          <NumberField control={control} name="offer_days" label={t('leaving.offerDays')} min={1} max={366} />
        )}
        {kind === 'promo_code' && (
          <SelectField
            control={control}
            name="promo_code_id"
            label={t('leaving.promoCode')}
            choices={[
              { value: '', label: t('leaving.choose') },
              ...promoCodes.map((code) => ({ value: code.id, label: code.code })),
            ]}
          />
        )}
      </fieldset>
      {!isReadOnly && (
        <FormButtons>
          <Button type="submit" variant="primary" isPending={isPending}>
            {t('leaving.submit')}
          </Button>
        </FormButtons>
      )}
    </Form>
  )
}
