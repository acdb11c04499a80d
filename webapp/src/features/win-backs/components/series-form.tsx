import { Plus } from 'lucide-react'
import { useFieldArray } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { type PlanOut, type WinBackSeriesOut, winBacksChange, winBacksGet } from '@/api'
import { NumberField, SwitchField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { useCan, useTenant } from '@/lib/tenancy'
import { MAX_STEPS, nextStep, seriesSchema, valuesOf } from '../series'
import { OfferPreview } from './offer-preview'
import { StepFields } from './step-fields'

interface SeriesFormProps {
  stored: WinBackSeriesOut
  plans: PlanOut[]
  botId: string | undefined
}

/** The steps of the series, the hours, and how the message of each step reads. */
export function SeriesForm({ stored, plans, botId }: SeriesFormProps) {
  const { t } = useTranslation(['win-backs', 'common'])
  const tenant = useTenant()
  const can = useCan()
  const isReadOnly = !can('win_backs-change')
  const path = { tenant_id: tenant.id }
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema: seriesSchema,
    defaults: valuesOf(stored),
    send: (body) => winBacksChange({ path, body }),
    newest: async () => valuesOf((await winBacksGet({ path })).data),
    done: t('done'),
    onDone: (data) => form.reset(valuesOf(data)),
  })
  const { control } = form
  const { fields, append, remove } = useFieldArray({ control, name: 'steps' })
  const typed = form.watch('steps')
  return (
    <div className="grid gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <Card aria-label={t('steps')}>
        <CardBody>
          <Form onSubmit={onSubmit} rootError={rootError} isDirty={form.formState.isDirty && !isPending}>
            <fieldset disabled={isReadOnly} className="min-w-0 space-y-5">
              <SwitchField control={control} name="is_on" label={t('switch')} hint={t('switchHint')} />
              <div className="grid grid-cols-2 gap-4 sm:max-w-sm">
                <NumberField control={control} name="from_hour" label={t('from')} min={0} max={23} />
                <NumberField control={control} name="until_hour" label={t('until')} min={1} max={24} />
                <p className="col-span-2 -mt-2 text-muted-foreground">
                  {t('hoursHint', { zone: tenant.time_zone })}
                </p>
              </div>
              {fields.length === 0 && <p className="text-muted-foreground">{t('noSteps')}</p>}
              {fields.map((field, index) => (
                <StepFields
                  key={field.id}
                  control={control}
                  index={index}
                  kind={typed[index]?.discount_kind ?? 'percent'}
                  plans={plans}
                  onRemove={isReadOnly ? undefined : () => remove(index)}
                />
              ))}
              {!isReadOnly && fields.length < MAX_STEPS && (
                <Button onClick={() => append(nextStep(typed))}>
                  <Plus aria-hidden />
                  {t('add')}
                </Button>
              )}
            </fieldset>
            {!isReadOnly && (
              <FormButtons>
                <Button
                  type="submit"
                  variant="primary"
                  isPending={isPending}
                  disabled={!form.formState.isDirty}
                >
                  {t('save')}
                </Button>
              </FormButtons>
            )}
          </Form>
        </CardBody>
      </Card>
      {can('win_backs-preview') && (
        <Card className="self-start" aria-label={t('preview.title')}>
          <CardHeader title={t('preview.title')} />
          <CardBody>
            <OfferPreview steps={typed} botId={botId} />
          </CardBody>
        </Card>
      )}
    </div>
  )
}
