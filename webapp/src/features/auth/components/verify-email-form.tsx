import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { authVerifyEmail } from '@/api'
import { Form } from '@/components/form/form'
import { PasswordField } from '@/components/form/password-field'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { useEnter } from '../use-enter'

const schema = z.object({ password: z.string().min(1).max(256) })

/** The link alone makes no account: whoever reads the letter has to know the password that was chosen. */
export function VerifyEmailForm({ token, onDone }: { token: string; onDone: () => void }) {
  const { t } = useTranslation('auth')
  const enter = useEnter(onDone)
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { password: '' },
    send: ({ password }) => authVerifyEmail({ body: { token, password } }),
    onDone: enter,
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
