import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { tenantsChange, tenantsGet } from '@/api'
import { SelectField, TextField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useFollow } from '@/components/form/use-follow'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { useCan, useTenant } from '@/lib/tenancy'
import { listTimeZones } from '@/lib/time-zones'
import { GENERAL, generalSchema, settingsOf } from '../durations'

export function GeneralForm() {
  const { t } = useTranslation(['settings', 'common'])
  const tenant = useTenant()
  const can = useCan()
  const client = useQueryClient()
  const path = { tenant_id: tenant.id }
  const stored = useMemo(() => settingsOf(tenant), [tenant])
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema: generalSchema,
    defaults: stored,
    send: (body) => tenantsChange({ path, body }),
    newest: async () => settingsOf((await tenantsGet({ path })).data),
    done: t('general.done'),
    // The name stands in the list of the person's projects too.
    onDone: () => void client.invalidateQueries(),
  })
  useFollow(form, stored, GENERAL)
  const isReadOnly = !can('tenants-change')
  return (
    <Card aria-label={t('general.title')}>
      <CardHeader title={t('general.title')} />
      <CardBody>
        <Form onSubmit={onSubmit} rootError={rootError} isDirty={form.formState.isDirty && !isPending}>
          <fieldset disabled={isReadOnly} className="grid min-w-0 gap-5 sm:grid-cols-2">
            <TextField
              className="sm:col-span-2"
              control={form.control}
              name="name"
              label={t('general.name')}
              maxLength={128}
              autoComplete="off"
            />
            <SelectField
              control={form.control}
              name="time_zone"
              label={t('general.timeZone')}
              hint={t('general.timeZoneHint')}
              choices={listTimeZones(tenant.time_zone)}
            />
            <SelectField
              control={form.control}
              name="locale"
              label={t('general.locale')}
              hint={t('general.localeHint')}
              choices={[
                { value: 'ru', label: t('common:account.languages.ru') },
                { value: 'en', label: t('common:account.languages.en') },
              ]}
            />
            <TextField
              className="sm:col-span-2"
              control={form.control}
              name="support_contact"
              label={t('general.support')}
              hint={t('general.supportHint')}
              placeholder="@support"
              isOptional
              maxLength={128}
              autoComplete="off"
            />
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
