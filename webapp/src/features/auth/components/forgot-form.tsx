import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type EmailIn, type LetterOut, authForgetPassword } from '@/api'
import { TextField } from '@/components/form/fields'
import { zEmail } from '@/components/form/formats'
import { Form } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'

const schema = z.object({ email: zEmail })

interface ForgotFormProps {
  /** Asks for another letter than that of a forgotten password. */
  send?: (body: EmailIn) => Promise<{ data: LetterOut }>
  onDone: (email: string) => void
}

/** An address to write to. */
export function ForgotForm({ send = (body) => authForgetPassword({ body }), onDone }: ForgotFormProps) {
  const { t } = useTranslation('auth')
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { email: '' },
    send,
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
