import { useTranslation } from 'react-i18next'
import { type ChannelOut, channelsChange, channelsGet } from '@/api'
import { zChannelChangeIn } from '@/api/zod.gen'
import { SelectField, SwitchField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { useTenant } from '@/lib/tenancy'

const MODES = ['join_request', 'single_use_link'] as const

function settingsOf({ entry_mode, removes_strangers, version }: ChannelOut) {
  return { entry_mode, removes_strangers, version }
}

export function ChannelSettingsForm({ channel, onDone }: { channel: ChannelOut; onDone: () => void }) {
  const { t } = useTranslation(['channels', 'common'])
  const { id } = useTenant()
  const path = { tenant_id: id, channel_id: channel.id }
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema: zChannelChangeIn,
    defaults: settingsOf(channel),
    send: (body) => channelsChange({ path, body }),
    newest: async () => settingsOf((await channelsGet({ path })).data),
    done: t('settings.done'),
    onDone,
  })
  const mode = form.watch('entry_mode')
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <SelectField
        control={form.control}
        name="entry_mode"
        label={t('fields.entry')}
        hint={t(`entry.${mode}.text`)}
        choices={MODES.map((value) => ({ value, label: t(`entry.${value}.name`) }))}
      />
      <SwitchField
        control={form.control}
        name="removes_strangers"
        label={t('strangers.label')}
        hint={t('strangers.text')}
      />
      <FormButtons>
        <Button onClick={onDone}>{t('common:actions.cancel')}</Button>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('common:actions.save')}
        </Button>
      </FormButtons>
    </Form>
  )
}
