import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type ShownKeyOut, apiKeysCreate } from '@/api'
import { permissionsListOptions } from '@/api/@tanstack/react-query.gen'
import { zApiKeyIn } from '@/api/zod.gen'
import { SelectField, TextField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { useTenant } from '@/lib/tenancy'
import { scopeRows } from '../scopes'
import { ScopesField } from './scopes-field'

const LIVES = ['never', '30', '90', '365'] as const
const DAY = 24 * 60 * 60 * 1000

const schema = z.object({
  name: zApiKeyIn.shape.name,
  scopes: zApiKeyIn.shape.scopes,
  days: z.enum(LIVES),
})

export type ApiKeyValues = z.infer<typeof schema>

export function ApiKeyForm({ onDone }: { onDone: (made: ShownKeyOut) => void }) {
  const { t } = useTranslation('api')
  const { id } = useTenant()
  const permissions = useQuery({ ...permissionsListOptions(), staleTime: Infinity })
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { name: '', scopes: [], days: 'never' },
    send: ({ name, scopes, days }) =>
      apiKeysCreate({ path: { tenant_id: id }, body: { name, scopes, expires_at: endOf(days) } }),
    onDone,
    serverNames: { expires_at: 'days' },
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <TextField
        control={form.control}
        name="name"
        label={t('key.name')}
        hint={t('key.nameHint')}
        autoComplete="off"
      />
      <SelectField
        control={form.control}
        name="days"
        label={t('key.life')}
        choices={LIVES.map((value) => ({ value, label: t(`key.lives.${value}`) }))}
      />
      <Loaded query={permissions} skeleton={<Skeleton className="h-56" />}>
        {(found) => <ScopesField control={form.control} rows={scopeRows(found)} />}
      </Loaded>
      <FormButtons>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('key.submit')}
        </Button>
      </FormButtons>
    </Form>
  )
}

function endOf(days: (typeof LIVES)[number]): string | null {
  return days === 'never' ? null : new Date(Date.now() + Number(days) * DAY).toISOString()
}
