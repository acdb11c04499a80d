import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type BotOut, botsRotateToken } from '@/api'
import { TextareaField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { useTenant } from '@/lib/tenancy'

const schema = z.object({ token: z.string().trim().min(1).max(4096) })

export function RotateTokenForm({ bot, onDone }: { bot: BotOut; onDone: () => void }) {
  const { t } = useTranslation('bots')
  const { id } = useTenant()
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { token: '' },
    send: (body) => botsRotateToken({ path: { tenant_id: id, bot_id: bot.id }, body }),
    done: t('rotate.done'),
    onDone,
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <TextareaField
        control={form.control}
        name="token"
        label={t('rotate.token')}
        hint={t('connect.tokenHint')}
        autoComplete="off"
        spellCheck={false}
        className="[&_textarea]:font-mono"
      />
      <FormButtons>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('rotate.submit')}
        </Button>
      </FormButtons>
    </Form>
  )
}
