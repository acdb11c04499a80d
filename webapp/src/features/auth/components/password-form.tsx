import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { authLogIn } from '@/api'
import { zLogInInWritable } from '@/api/zod.gen'
import { TextField } from '@/components/form/fields'
import { Form } from '@/components/form/form'
import { PasswordField } from '@/components/form/password-field'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { useEnter } from '../use-enter'

const schema = zLogInInWritable.extend({
  email: z.string().trim().min(1).max(320),
  password: z.string().min(1).max(256),
})

export function PasswordForm({ onDone, onCodeNeeded }: { onDone: () => void; onCodeNeeded: () => void }) {
  const { t } = useTranslation('auth')
  const enter = useEnter(onDone)
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { email: '', password: '' },
    send: (body) => authLogIn({ body }),
    onDone: ({ status }) => (status === 'second_factor_needed' ? onCodeNeeded() : enter()),
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <TextField
        control={form.control}
        name="email"
        type="email"
        label={t('email')}
        autoComplete="username"
      />
      <PasswordField
        control={form.control}
        name="password"
        label={t('password')}
        autoComplete="current-password"
      />
      <Button type="submit" variant="primary" size="lg" className="w-full" isPending={isPending}>
        {t('logIn.submit')}
      </Button>
    </Form>
  )
}
