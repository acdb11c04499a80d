import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router-dom'
import { z } from 'zod'
import { staffImpersonationsStart } from '@/api'
import { NumberField, TextareaField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'

const schema = z.object({
  reason: z.string().trim().min(10).max(512),
  minutes: z.int().gte(1).lte(30),
})

/** Look at a tenant as its owner sees it, reading only: the tenant sees who, why and for how long. */
export function LookForm({ tenantId }: { tenantId: string }) {
  const { t } = useTranslation('staff')
  const navigate = useNavigate()
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { reason: '', minutes: 30 },
    send: (body) => staffImpersonationsStart({ path: { tenant_id: tenantId }, body }),
    onDone: () => navigate(`/t/${tenantId}`),
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <TextareaField control={form.control} name="reason" label={t('look.reason')} hint={t('look.hint')} />
      <NumberField
        control={form.control}
        name="minutes"
        label={t('look.minutes')}
        hint={t('look.minutesHint')}
        min={1}
        max={60}
        className="sm:max-w-40"
      />
      <FormButtons>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('look.open')}
        </Button>
      </FormButtons>
    </Form>
  )
}
