import { useState } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { z } from 'zod'
import { authChangeEmail } from '@/api'
import { TextField } from '@/components/form/fields'
import { zEmail } from '@/components/form/formats'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'

const schema = z.object({ email: zEmail })

/** The new address counts once the link that is sent there was opened. */
export function EmailCard({ email }: { email: string | null }) {
  const { t } = useTranslation('account')
  const [sentTo, setSentTo] = useState<string>()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Card>
      <CardHeader
        title={t('email.title')}
        description={email ?? t('email.none')}
        actions={
          !isOpen && (
            <Button onClick={() => setIsOpen(true)}>
              {t(email === null ? 'email.add' : 'email.change')}
            </Button>
          )
        }
      />
      {(isOpen || sentTo !== undefined) && (
        <CardBody className="space-y-4">
          {sentTo !== undefined && (
            <Notice tone="success" title={t('email.sent')}>
              <Trans
                t={t}
                i18nKey="email.sentText"
                values={{ email: sentTo }}
                components={{ email: <strong className="font-medium break-all" /> }}
              />
            </Notice>
          )}
          {isOpen && (
            <EmailForm
              onCancel={() => setIsOpen(false)}
              onDone={(address) => {
                setSentTo(address)
                setIsOpen(false)
              }}
            />
          )}
        </CardBody>
      )}
    </Card>
  )
}

function EmailForm({ onCancel, onDone }: { onCancel: () => void; onDone: (email: string) => void }) {
  const { t } = useTranslation('account')
  const { t: common } = useTranslation()
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { email: '' },
    send: (body) => authChangeEmail({ body }),
    onDone: () => onDone(form.getValues('email').trim()),
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <TextField
        control={form.control}
        name="email"
        type="email"
        label={t('email.new')}
        hint={t('email.hint')}
        autoComplete="email"
      />
      <FormButtons>
        <Button onClick={onCancel}>{common('actions.cancel')}</Button>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('email.submit')}
        </Button>
      </FormButtons>
    </Form>
  )
}
