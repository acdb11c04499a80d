import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { botsConnect } from '@/api'
import { TextareaField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { useTenant } from '@/lib/tenancy'
import { TokenSteps } from './token-steps'

const schema = z.object({ token: z.string().trim().min(1).max(4096) })

/** Takes the token alone or BotFather's whole message: the server finds the token in it. */
export function ConnectBotForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('bots')
  const { id } = useTenant()
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { token: '' },
    send: (body) => botsConnect({ path: { tenant_id: id }, body }),
    done: t('connect.done'),
    onDone,
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <TokenSteps />
      <TextareaField
        control={form.control}
        name="token"
        label={t('connect.token')}
        hint={t('connect.tokenHint')}
        placeholder={t('connect.tokenExample')}
        autoComplete="off"
        spellCheck={false}
        className="[&_textarea]:font-mono"
      />
      <FormButtons>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('connect.submit')}
        </Button>
      </FormButtons>
    </Form>
  )
}
