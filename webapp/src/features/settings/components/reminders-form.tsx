import { BellPlus, Trash2 } from 'lucide-react'
import { useMemo } from 'react'
import { useFieldArray } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { tenantsChange, tenantsGet } from '@/api'
import { NumberField, SelectField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useFollow } from '@/components/form/use-follow'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { useCan, useTenant } from '@/lib/tenancy'
import { MAX_REMINDERS, REMINDERS, remindersOf, remindersSchema, secondsOf, unitsFor } from '../durations'

export function RemindersForm() {
  const { t } = useTranslation(['settings', 'common'])
  const tenant = useTenant()
  const can = useCan()
  const path = { tenant_id: tenant.id }
  const stored = useMemo(() => remindersOf(tenant), [tenant])
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema: remindersSchema,
    defaults: stored,
    send: ({ reminders, grace, ...settings }) =>
      tenantsChange({
        path,
        body: {
          ...settings,
          reminder_offsets_seconds: [...new Set(reminders.map(secondsOf))].sort((a, b) => b - a),
          grace_seconds: secondsOf(grace),
        },
      }),
    newest: async () => remindersOf((await tenantsGet({ path })).data),
    done: t('reminders.done'),
    serverNames: { reminder_offsets_seconds: 'reminders', grace_seconds: 'grace.count' },
  })
  useFollow(form, stored, REMINDERS)
  const { control } = form
  const typed = form.watch()
  const { fields, append, remove } = useFieldArray({ control, name: 'reminders' })
  const isReadOnly = !can('tenants-change')
  const units = unitsFor([...tenant.reminder_offsets_seconds, tenant.grace_seconds])
  const choicesFor = (count = 0) => units.map((value) => ({ value, label: t(`units.${value}`, { count }) }))
  return (
    <Card aria-label={t('reminders.title')}>
      <CardHeader title={t('reminders.title')} description={t('reminders.text')} />
      <CardBody>
        <Form onSubmit={onSubmit} rootError={rootError} isDirty={form.formState.isDirty && !isPending}>
          <fieldset disabled={isReadOnly} className="min-w-0 space-y-4">
            <ul className="space-y-3">
              {fields.map((field, index) => (
                <li key={field.id} className="flex max-w-md items-end gap-2">
                  <NumberField
                    className="w-24"
                    control={control}
                    name={`reminders.${index}.count`}
                    label={t('reminders.before', { number: index + 1 })}
                    min={1}
                  />
                  <SelectField
                    className="flex-1"
                    control={control}
                    name={`reminders.${index}.unit`}
                    label={t('reminders.unit')}
                    choices={choicesFor(typed.reminders[index]?.count)}
                  />
                  {!isReadOnly && (
                    <Button
                      variant="ghost"
                      size="icon"
                      aria-label={t('reminders.remove', { number: index + 1 })}
                      onClick={() => remove(index)}
                    >
                      <Trash2 aria-hidden />
                    </Button>
                  )}
                </li>
              ))}
            </ul>
            {fields.length === 0 && <p className="text-muted-foreground">{t('reminders.none')}</p>}
            {!isReadOnly && fields.length < MAX_REMINDERS && (
              <Button onClick={() => append({ count: 1, unit: 'day' })}>
                <BellPlus aria-hidden />
                {t('reminders.add')}
              </Button>
            )}
            <div className="border-t pt-4">
              <p className="font-medium">{t('grace.title')}</p>
              <p className="mb-3 text-muted-foreground">{t('grace.text')}</p>
              <div className="flex max-w-md items-end gap-2">
                <NumberField
                  className="w-24"
                  control={control}
                  name="grace.count"
                  label={t('grace.count')}
                  min={0}
                />
                <SelectField
                  className="flex-1"
                  control={control}
                  name="grace.unit"
                  label={t('grace.unit')}
                  choices={choicesFor(typed.grace.count)}
                />
              </div>
            </div>
          </fieldset>
          {!isReadOnly && (
            <FormButtons>
              <Button
                type="submit"
                variant="primary"
                isPending={isPending}
                disabled={!form.formState.isDirty}
              >
                {t('common:actions.save')}
              </Button>
            </FormButtons>
          )}
        </Form>
      </CardBody>
    </Card>
  )
}
