import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type BotOut, channelsAdd } from '@/api'
import { zChannelIn } from '@/api/zod.gen'
import { SelectField, TextField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { useTenant } from '@/lib/tenancy'

/** A pasted address of a public channel counts as its @name. */
const schema = zChannelIn.extend({
  chat: z
    .string()
    .trim()
    .min(1)
    .transform((chat) => chat.replace(/^(?:https?:\/\/)?t\.me\/([A-Za-z0-9_]+)\/?$/, '@$1'))
    .pipe(zChannelIn.shape.chat),
})

export function AddChannelForm({ bots, onDone }: { bots: BotOut[]; onDone: () => void }) {
  const { t } = useTranslation('channels')
  const { id } = useTenant()
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { bot_id: bots[0]?.id ?? '', chat: '' },
    send: (body) => channelsAdd({ path: { tenant_id: id }, body }),
    done: t('add.done'),
    onDone,
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      {bots.length > 1 && (
        <SelectField
          control={form.control}
          name="bot_id"
          label={t('fields.bot')}
          choices={bots.map((bot) => ({ value: bot.id, label: `@${bot.username}` }))}
        />
      )}
      <TextField
        control={form.control}
        name="chat"
        label={t('add.chat')}
        hint={t('add.chatHint')}
        placeholder="@mychannel"
        autoComplete="off"
      />
      <FormButtons>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('add.submit')}
        </Button>
      </FormButtons>
    </Form>
  )
}
