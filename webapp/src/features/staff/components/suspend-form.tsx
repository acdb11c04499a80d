import { useTranslation } from 'react-i18next'
import { staffTenantsSuspend } from '@/api'
import { zSuspendIn } from '@/api/zod.gen'
import { TextareaField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'

export function SuspendForm({ tenantId, onDone }: { tenantId: string; onDone: () => void }) {
  const { t } = useTranslation('staff')
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema: zSuspendIn,
    defaults: { reason: '' },
    send: (body) => staffTenantsSuspend({ path: { tenant_id: tenantId }, body }),
    done: t('suspend.done'),
    onDone,
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <TextareaField
        control={form.control}
        name="reason"
        label={t('suspend.reason')}
        hint={t('suspend.hint')}
      />
      <FormButtons>
        <Button type="submit" variant="danger" isPending={isPending}>
          {t('suspend.open')}
        </Button>
      </FormButtons>
    </Form>
  )
}
