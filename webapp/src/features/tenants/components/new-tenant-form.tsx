import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type TenantOut, tenantsCreate } from '@/api'
import { zTenantIn } from '@/api/zod.gen'
import { SelectField, TextField } from '@/components/form/fields'
import { Form } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { currentLanguage } from '@/i18n'
import { listTimeZones, ownTimeZone } from '@/lib/time-zones'

const schema = zTenantIn
  .pick({ time_zone: true })
  .extend({ name: z.string().trim().min(1).max(128), time_zone: z.string() })

export function NewTenantForm({ onDone }: { onDone: (tenant: TenantOut) => void }) {
  const { t } = useTranslation('tenants')
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { name: '', time_zone: ownTimeZone() },
    send: (body) => tenantsCreate({ body: { ...body, locale: currentLanguage() } }),
    onDone,
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <TextField
        control={form.control}
        name="name"
        label={t('name')}
        placeholder={t('create.example')}
        autoComplete="off"
      />
      <SelectField
        control={form.control}
        name="time_zone"
        label={t('timeZone')}
        hint={t('timeZoneHint')}
        choices={listTimeZones()}
      />
      <Button type="submit" variant="primary" size="lg" className="w-full" isPending={isPending}>
        {t('create.submit')}
      </Button>
    </Form>
  )
}
