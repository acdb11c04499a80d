import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type LogInOut, invitationsAcceptAsNew } from '@/api'
import { TextField } from '@/components/form/fields'
import { Form } from '@/components/form/form'
import { PasswordField } from '@/components/form/password-field'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { currentLanguage } from '@/i18n'

const schema = z.object({
  name: z.string().trim().min(1).max(128),
  password: z.string().min(10).max(256),
})

interface JoinFormProps {
  token: string
  onDone: (entry: LogInOut) => void
}

/** An account for whoever was invited and has none: the letter has proved the address. */
export function JoinForm({ token, onDone }: JoinFormProps) {
  const { t } = useTranslation('auth')
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { name: '', password: '' },
    send: (body) => invitationsAcceptAsNew({ body: { ...body, token, locale: currentLanguage() } }),
    onDone,
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <TextField control={form.control} name="name" label={t('name')} autoComplete="name" />
      <PasswordField
        control={form.control}
        name="password"
        label={t('password')}
        hint={t('signUp.passwordHint')}
        autoComplete="new-password"
      />
      <Button type="submit" variant="primary" size="lg" className="w-full" isPending={isPending}>
        {t('invitation.join')}
      </Button>
    </Form>
  )
}
