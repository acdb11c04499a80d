import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { authForgetPassword } from '@/api'
import { TextField } from '@/components/form/fields'
import { Form } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'

const schema = z.object({ email: z.string().trim().min(1).max(320) })

export function ForgotForm({ onDone }: { onDone: (email: string) => void }) {
  const { t } = useTranslation('auth')
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { email: '' },
    send: (body) => authForgetPassword({ body }),
    onDone: () => onDone(form.getValues('email').trim()),
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
      <Button type="submit" variant="primary" size="lg" className="w-full" isPending={isPending}>
        {t('forgot.submit')}
      </Button>
    </Form>
  )
}
