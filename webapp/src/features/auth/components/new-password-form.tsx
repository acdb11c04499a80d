import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { authResetPassword } from '@/api'
import { Form } from '@/components/form/form'
import { PasswordField } from '@/components/form/password-field'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'

const schema = z.object({ password: z.string().min(10).max(256) })

export function NewPasswordForm({ token, onDone }: { token: string; onDone: () => void }) {
  const { t } = useTranslation('auth')
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { password: '' },
    send: ({ password }) => authResetPassword({ body: { token, password } }),
    onDone,
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
