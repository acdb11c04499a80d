import { useTranslation } from 'react-i18next'
import { type WebhookOut, webhooksChange, webhooksCreate } from '@/api'
import { zWebhookChangeIn, zWebhookEventType } from '@/api/zod.gen'
import { ChecksField, SwitchField, TextField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { useTenant } from '@/lib/tenancy'

interface WebhookFormProps {
  /** What is changed; without it one is made. */
  webhook?: WebhookOut
  onDone: (secret: string | undefined) => void
}

export function WebhookForm({ webhook, onDone }: WebhookFormProps) {
  const { t } = useTranslation('api')
  const { t: common } = useTranslation()
  const { id } = useTenant()
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema: zWebhookChangeIn,
    defaults: {
      url: webhook?.url ?? 'https://',
      description: webhook?.description ?? '',
      event_types: webhook?.event_types ?? [...zWebhookEventType.options],
      is_on: webhook === undefined || webhook.disabled_because === null,
    },
    send: async ({ is_on, ...body }) => {
      const path = { tenant_id: id }
      if (webhook === undefined) return { data: (await webhooksCreate({ path, body })).data.secret }
      await webhooksChange({ path: { ...path, webhook_endpoint_id: webhook.id }, body: { ...body, is_on } })
      return { data: undefined }
    },
    onDone,
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <TextField
        control={form.control}
        name="url"
        type="url"
        label={t('webhook.url')}
        hint={t('webhook.urlHint')}
        autoComplete="off"
      />
      <TextField control={form.control} name="description" label={t('webhook.description')} isOptional />
      <ChecksField
        control={form.control}
        name="event_types"
        label={t('webhook.events')}
        choices={zWebhookEventType.options.map((value) => ({
          value,
          label: t(`events.${value.replace('.', '_') as 'payment_succeeded'}`),
          description: <code>{value}</code>,
        }))}
      />
      {webhook !== undefined && (
        <SwitchField
          control={form.control}
          name="is_on"
          label={t('webhook.isOn')}
          hint={t('webhook.isOnHint')}
        />
      )}
      <FormButtons>
        <Button type="submit" variant="primary" isPending={isPending}>
          {webhook === undefined ? t('webhooks.create') : common('actions.save')}
        </Button>
      </FormButtons>
    </Form>
  )
}
