import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type CampaignOut, campaignsChange } from '@/api'
import { TextField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { useTenant } from '@/lib/tenancy'
import { CampaignTarget } from './campaign-target'

const schema = z.object({
  name: z.string().trim().min(1).max(128),
  plan_id: z.string(),
  promo_code_id: z.string(),
})

interface ChangeCampaignFormProps {
  campaign: CampaignOut
  onDone: () => void
}

export function ChangeCampaignForm({ campaign, onDone }: ChangeCampaignFormProps) {
  const { t } = useTranslation(['campaigns', 'common'])
  const { id } = useTenant()
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: {
      name: campaign.name,
      plan_id: campaign.plan_id ?? '',
      promo_code_id: campaign.promo_code_id ?? '',
    },
    send: ({ name, plan_id, promo_code_id }) =>
      campaignsChange({
        path: { tenant_id: id, campaign_id: campaign.id },
        body: { name, plan_id: plan_id || null, promo_code_id: promo_code_id || null },
      }),
    done: t('change.done'),
    onDone,
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <TextField control={form.control} name="name" label={t('fields.name')} maxLength={128} />
      <CampaignTarget
        control={form.control as unknown as Parameters<typeof CampaignTarget>[0]['control']}
        botId={campaign.bot_id}
      />
      <FormButtons>
        <Button onClick={onDone}>{t('common:actions.cancel')}</Button>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('change.submit')}
        </Button>
      </FormButtons>
    </Form>
  )
}
