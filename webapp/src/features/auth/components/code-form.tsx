import { useTranslation } from 'react-i18next'
import { authFinishLogIn } from '@/api'
import { zCodeIn } from '@/api/zod.gen'
import { TextField } from '@/components/form/fields'
import { Form } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { useEnter } from '../use-enter'

export function CodeForm({ onDone, onAgain }: { onDone: () => void; onAgain: () => void }) {
  const { t } = useTranslation('auth')
  const enter = useEnter(onDone)
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema: zCodeIn,
    defaults: { code: '' },
    send: (body) => authFinishLogIn({ body }),
    onDone: enter,
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <TextField
        control={form.control}
        name="code"
        label={t('code.label')}
        hint={t('code.hint')}
        autoComplete="one-time-code"
        // eslint-disable-next-line jsx-a11y/no-autofocus -- the step before took the focus away with it
        autoFocus
      />
      <Button type="submit" variant="primary" size="lg" className="w-full" isPending={isPending}>
        {t('logIn.submit')}
      </Button>
      <Button variant="ghost" className="w-full" onClick={onAgain}>
        {t('code.again')}
      </Button>
    </Form>
  )
}
