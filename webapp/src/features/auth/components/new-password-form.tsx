import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { authResetPassword } from '@/api'
import { Form } from '@/components/form/form'
import { PasswordField } from '@/components/form/password-field'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'

const schema = z.object({ password: z.string().min(10).max(256) })

interface NewPasswordFormProps {
  token: string
  onDone: () => void
  /** The link works no more: it was used meanwhile, or has run out. */
  onSpoiled: () => void
}

export function NewPasswordForm({ token, onDone, onSpoiled }: NewPasswordFormProps) {
  const { t } = useTranslation('auth')
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { password: '' },
    send: ({ password }) => authResetPassword({ body: { token, password } }),
    onDone,
    onRefused: { link_invalid: onSpoiled },
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <PasswordField
        control={form.control}
        name="password"
        label={t('reset.password')}
        hint={t('signUp.passwordHint')}
        autoComplete="new-password"
      />
      <Button type="submit" variant="primary" size="lg" className="w-full" isPending={isPending}>
        {t('reset.submit')}
      </Button>
    </Form>
  )
}
