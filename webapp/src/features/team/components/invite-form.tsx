import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { invitationsCreate } from '@/api'
import { zRole } from '@/api/zod.gen'
import { SelectField, TextField } from '@/components/form/fields'
import { zEmail } from '@/components/form/formats'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { LANGUAGES, currentLanguage } from '@/i18n'
import { useTenant } from '@/lib/tenancy'
import { ROLES } from '../roles'

const schema = z.object({
  email: zEmail,
  role: zRole,
  locale: z.enum(['ru', 'en']),
})

export function InviteForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('team')
  const { t: common } = useTranslation()
  const { id } = useTenant()
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { email: '', role: 'support', locale: currentLanguage() },
    send: (body) => invitationsCreate({ path: { tenant_id: id }, body }),
    done: t('invite.done'),
    onDone,
  })
  const role = form.watch('role')
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <TextField
        control={form.control}
        name="email"
        type="email"
        label={t('invite.email')}
        autoComplete="off"
      />
      <SelectField
        control={form.control}
        name="role"
        label={t('columns.role')}
        hint={t(`about.${role}`)}
        choices={ROLES.map((value) => ({ value, label: common(`roles.${value}`) }))}
      />
      <SelectField
        control={form.control}
        name="locale"
        label={t('invite.language')}
        choices={LANGUAGES.map((value) => ({ value, label: common(`account.languages.${value}`) }))}
      />
      <FormButtons>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('invite.submit')}
        </Button>
      </FormButtons>
    </Form>
  )
}
