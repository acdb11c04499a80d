import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type BotOut, campaignsCreate } from '@/api'
import { SelectField, TextField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { useTenant } from '@/lib/tenancy'
import { CampaignTarget } from './campaign-target'

const schema = z.object({
  bot_id: z.string(),
  name: z.string().trim().min(1).max(128),
  source: z.string().trim().min(1).max(64),
  plan_id: z.string(),
  promo_code_id: z.string(),
})

interface NewCampaignFormProps {
  bots: BotOut[]
  onDone: () => void
}

export function NewCampaignForm({ bots, onDone }: NewCampaignFormProps) {
  const { t } = useTranslation(['campaigns', 'common'])
  const { id } = useTenant()
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { bot_id: bots[0]?.id ?? '', name: '', source: '', plan_id: '', promo_code_id: '' },
    send: ({ plan_id, promo_code_id, ...body }) =>
      campaignsCreate({
        path: { tenant_id: id },
        body: { ...body, plan_id: plan_id || null, promo_code_id: promo_code_id || null },
      }),
    done: t('create.done'),
    onDone,
  })
  const { control } = form
  const botId = form.watch('bot_id')
  const username = bots.find((bot) => bot.id === botId)?.username ?? ''
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      {bots.length > 1 && (
        <SelectField
          control={control}
          name="bot_id"
          label={t('fields.bot')}
          choices={bots.map((bot) => ({ value: bot.id, label: `@${bot.username}` }))}
          onChosen={() => {
            form.setValue('plan_id', '')
            form.setValue('promo_code_id', '')
          }}
        />
      )}
      <TextField
        control={control}
        name="name"
        label={t('fields.name')}
        hint={t('fields.nameHint')}
        maxLength={128}
        autoComplete="off"
      />
      <TextField
        control={control}
        name="source"
        label={t('fields.source')}
        hint={t('fields.sourceHint')}
        placeholder="vk_november"
        className="[&_input]:font-mono"
        maxLength={64}
        autoComplete="off"
      />
      <CampaignTarget
        control={form.control as unknown as Parameters<typeof CampaignTarget>[0]['control']}
        botId={botId}
      />
      <p className="font-mono text-xs break-all text-muted-foreground">
        {`t.me/${username}?start=${form.watch('source').trim() || '…'}`}
      </p>
      <FormButtons>
        <Button onClick={onDone}>{t('common:actions.cancel')}</Button>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('create.submit')}
        </Button>
      </FormButtons>
    </Form>
  )
}
