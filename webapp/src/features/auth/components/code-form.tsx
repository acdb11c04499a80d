import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type LogInOut, authFinishLogIn } from '@/api'
import { TextField } from '@/components/form/fields'
import { zAuthenticatorCode } from '@/components/form/formats'
import { Form } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'

const authenticatorSchema = z.object({ code: zAuthenticatorCode })
const recoverySchema = z.object({ code: z.string().trim().min(1).max(32) })

interface CodeFormProps {
  /** Of a recovery code, when the authenticator is lost. */
  isRecovery: boolean
  onDone: (entry: LogInOut) => void
}

/** The second step of a login. */
export function CodeForm({ isRecovery, onDone }: CodeFormProps) {
  const { t } = useTranslation('auth')
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema: isRecovery ? recoverySchema : authenticatorSchema,
    defaults: { code: '' },
    send: (body) => authFinishLogIn({ body }),
    onDone,
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <TextField
        control={form.control}
        name="code"
        label={t(isRecovery ? 'code.recoveryCode' : 'code.code')}
        inputMode={isRecovery ? 'text' : 'numeric'}
        autoComplete={isRecovery ? 'off' : 'one-time-code'}
        autoCapitalize="off"
        spellCheck={false}
        className="[&_input]:h-11 [&_input]:font-mono [&_input]:text-lg [&_input]:tracking-wider"
      />
      <Button type="submit" variant="primary" size="lg" className="w-full" isPending={isPending}>
        {t('code.submit')}
      </Button>
    </Form>
  )
}
