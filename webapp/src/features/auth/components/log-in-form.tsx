import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { z } from 'zod'
import { type LogInOut, authLogIn } from '@/api'
import { zLogInInWritable } from '@/api/zod.gen'
import { TextField } from '@/components/form/fields'
import { Form } from '@/components/form/form'
import { PasswordField } from '@/components/form/password-field'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'

const schema = zLogInInWritable.extend({
  email: z.string().trim().min(1).max(320),
  password: z.string().min(1).max(256),
})

export function LogInForm({ onDone }: { onDone: (entry: LogInOut) => void }) {
  const { t } = useTranslation('auth')
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { email: '', password: '' },
    send: (body) => authLogIn({ body }),
    onDone,
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
      <div>
        <PasswordField
          control={form.control}
          name="password"
          label={t('password')}
          autoComplete="current-password"
        />
        <Link
          to="/forgot-password"
          className="mt-2 inline-block text-muted-foreground hover:text-foreground hover:underline"
        >
          {t('logIn.forgot')}
        </Link>
      </div>
      <Button type="submit" variant="primary" size="lg" className="w-full" isPending={isPending}>
        {t('logIn.submit')}
      </Button>
    </Form>
  )
}
