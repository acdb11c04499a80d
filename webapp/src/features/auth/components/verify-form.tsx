import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type LogInOut, authVerifyEmail } from '@/api'
import { Form } from '@/components/form/form'
import { PasswordField } from '@/components/form/password-field'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'

const schema = z.object({ password: z.string().min(1).max(256) })

interface VerifyFormProps {
  token: string
  onDone: (entry: LogInOut) => void
  /** The link works no more: it was used meanwhile, or has run out. */
  onSpoiled: () => void
}

/** The password of the sign-up: the letter alone, read by somebody else, makes no account. */
export function VerifyForm({ token, onDone, onSpoiled }: VerifyFormProps) {
  const { t } = useTranslation('auth')
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { password: '' },
    send: ({ password }) => authVerifyEmail({ body: { token, password } }),
    onDone,
    onRefused: { link_invalid: onSpoiled },
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <PasswordField
        control={form.control}
        name="password"
        label={t('password')}
        hint={t('verify.hint')}
        autoComplete="current-password"
      />
      <Button type="submit" variant="primary" size="lg" className="w-full" isPending={isPending}>
        {t('verify.submit')}
      </Button>
    </Form>
  )
}
