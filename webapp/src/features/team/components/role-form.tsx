import { useTranslation } from 'react-i18next'
import { type MemberOut, tenantsChangeMember, tenantsListMembers } from '@/api'
import { zRoleIn } from '@/api/zod.gen'
import { SelectField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { useTenant } from '@/lib/tenancy'
import { ROLES } from '../roles'

export function RoleForm({ member, onDone }: { member: MemberOut; onDone: () => void }) {
  const { t } = useTranslation('team')
  const { t: common } = useTranslation()
  const { id } = useTenant()
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema: zRoleIn,
    defaults: { role: member.role, version: member.version },
    send: (body) => tenantsChangeMember({ path: { tenant_id: id, member_id: member.admin_id }, body }),
    newest: async () => {
      const { data } = await tenantsListMembers({ path: { tenant_id: id }, query: { size: 200 } })
      // Whoever was taken out has no role any more: the server says so.
      const { role, version } = data.items.find(({ admin_id }) => admin_id === member.admin_id) ?? member
      return { role, version }
    },
    done: t('change.done'),
    onDone,
  })
  const role = form.watch('role')
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <SelectField
        control={form.control}
        name="role"
        label={t('columns.role')}
        hint={t(`about.${role}`)}
        choices={ROLES.map((value) => ({ value, label: common(`roles.${value}`) }))}
      />
      <FormButtons>
        <Button type="submit" variant="primary" isPending={isPending}>
          {common('actions.save')}
        </Button>
      </FormButtons>
    </Form>
  )
}
