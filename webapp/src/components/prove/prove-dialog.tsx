import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { z } from 'zod'
import { authProve } from '@/api'
import { authGetSecondFactorOptions } from '@/api/@tanstack/react-query.gen'
import { TextField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { PasswordField } from '@/components/form/password-field'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Loaded } from '@/components/ui/loaded'
import { Notice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { proof } from '@/lib/proof'
import { useMe } from '@/lib/use-me'

/** Asks who it is before a dangerous change: a code where a second factor is on, else the password. */
export default function ProveDialog() {
  const { t } = useTranslation('proof')
  const me = useMe()
  const factor = useQuery({ ...authGetSecondFactorOptions(), staleTime: 0 })
  return (
    <Dialog
      isOpen
      isAbove
      onOpenChange={() => proof.answer(false)}
      title={t('title')}
      description={t('text')}
      className="sm:max-w-sm"
    >
      <Loaded query={factor} skeleton={<Skeleton className="h-28" />}>
        {({ is_on }) => {
          if (is_on) return <CodeForm />
          return me.data?.has_password === false ? <NoPassword /> : <PasswordForm />
        }}
      </Loaded>
    </Dialog>
  )
}

const codeSchema = z.object({ code: z.string().trim().min(1).max(32) })
const passwordSchema = z.object({ password: z.string().min(1).max(256) })

function CodeForm() {
  const { t } = useTranslation('proof')
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema: codeSchema,
    defaults: { code: '' },
    send: (body) => authProve({ body }),
    onDone: () => proof.answer(true),
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <TextField
        control={form.control}
        name="code"
        label={t('code')}
        hint={t('codeHint')}
        autoComplete="one-time-code"
        autoCapitalize="off"
        spellCheck={false}
        className="[&_input]:font-mono"
      />
      <Buttons isPending={isPending} />
    </Form>
  )
}

function PasswordForm() {
  const { t } = useTranslation('proof')
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema: passwordSchema,
    defaults: { password: '' },
    send: (body) => authProve({ body }),
    onDone: () => proof.answer(true),
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <div>
        <PasswordField
          control={form.control}
          name="password"
          label={t('password')}
          autoComplete="current-password"
        />
        <Link
          to="/forgot-password"
          onClick={() => proof.answer(false)}
          className="mt-2 inline-block text-muted-foreground hover:text-foreground hover:underline"
        >
          {t('forgot')}
        </Link>
      </div>
      <Buttons isPending={isPending} />
    </Form>
  )
}

/** Whoever logs in with another service proves who they are by doing that again. */
function NoPassword() {
  const { t } = useTranslation('proof')
  return <Notice tone="info">{t('noPassword')}</Notice>
}

function Buttons({ isPending }: { isPending: boolean }) {
  const { t } = useTranslation('proof')
  const { t: common } = useTranslation()
  return (
    <FormButtons>
      <Button onClick={() => proof.answer(false)}>{common('actions.cancel')}</Button>
      <Button type="submit" variant="primary" isPending={isPending}>
        {t('submit')}
      </Button>
    </FormButtons>
  )
}
