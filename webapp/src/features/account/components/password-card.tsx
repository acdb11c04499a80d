import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { authChangePassword } from '@/api'
import { Form, FormButtons } from '@/components/form/form'
import { PasswordField } from '@/components/form/password-field'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'

const schema = z.object({ password: z.string().min(10).max(256) })

export function PasswordCard({ hasPassword }: { hasPassword: boolean }) {
  const { t } = useTranslation('account')
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Card>
      <CardHeader
        title={t('password.title')}
        description={t(hasPassword ? 'password.text' : 'password.none')}
        actions={
          !isOpen && (
            <Button onClick={() => setIsOpen(true)}>
              {t(hasPassword ? 'password.change' : 'password.set')}
            </Button>
          )
        }
      />
      {isOpen && (
        <CardBody>
          <PasswordForm onClose={() => setIsOpen(false)} />
        </CardBody>
      )}
    </Card>
  )
}

function PasswordForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('account')
  const { t: common } = useTranslation()
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { password: '' },
    send: (body) => authChangePassword({ body }),
    done: t('password.done'),
    onDone: onClose,
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <PasswordField
        control={form.control}
        name="password"
        label={t('password.new')}
        hint={t('password.hint')}
        autoComplete="new-password"
      />
      <FormButtons>
        <Button onClick={onClose}>{common('actions.cancel')}</Button>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('password.submit')}
        </Button>
      </FormButtons>
    </Form>
  )
}
