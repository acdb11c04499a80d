import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { authSignUp } from '@/api'
import { zSignUpInWritable } from '@/api/zod.gen'
import { TextField } from '@/components/form/fields'
import { zEmail } from '@/components/form/formats'
import { Form } from '@/components/form/form'
import { PasswordField } from '@/components/form/password-field'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { currentLanguage } from '@/i18n'

const schema = zSignUpInWritable.extend({
  name: z.string().trim().min(1).max(128),
  email: zEmail,
  password: z.string().min(10).max(256),
})

export function SignUpForm({ onDone }: { onDone: (email: string) => void }) {
  const { t } = useTranslation('auth')
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { name: '', email: '', password: '' },
    send: (body) => authSignUp({ body: { ...body, locale: currentLanguage() } }),
    onDone: () => onDone(form.getValues('email').trim()),
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <TextField control={form.control} name="name" label={t('name')} autoComplete="name" />
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
        hint={t('signUp.passwordHint')}
        autoComplete="new-password"
      />
      <Button type="submit" variant="primary" size="lg" className="w-full" isPending={isPending}>
        {t('signUp.submit')}
      </Button>
    </Form>
  )
}
