import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type MeOut, authChangeProfile } from '@/api'
import { zProfileIn } from '@/api/zod.gen'
import { SelectField, TextField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { LANGUAGES, changeLanguage, toLanguage } from '@/i18n'

const schema = zProfileIn.extend({ name: z.string().trim().min(1).max(128) })

export function ProfileCard({ me }: { me: MeOut }) {
  const { t } = useTranslation('account')
  const { t: common } = useTranslation()
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { name: me.name, locale: toLanguage(me.locale) },
    send: (body) => authChangeProfile({ body }),
    done: t('profile.done'),
    onDone: ({ locale }) => void changeLanguage(toLanguage(locale)),
  })
  return (
    <Card>
      <CardHeader title={t('profile.card')} />
      <CardBody>
        <Form onSubmit={onSubmit} rootError={rootError} isDirty={form.formState.isDirty}>
          <div className="grid gap-5 sm:grid-cols-2">
            <TextField
              control={form.control}
              name="name"
              label={t('profile.name')}
              hint={t('profile.nameHint')}
              autoComplete="name"
            />
            <SelectField
              control={form.control}
              name="locale"
              label={t('profile.language')}
              hint={t('profile.languageHint')}
              choices={LANGUAGES.map((value) => ({ value, label: common(`account.languages.${value}`) }))}
            />
          </div>
          <FormButtons>
            <Button type="submit" variant="primary" isPending={isPending}>
              {common('actions.save')}
            </Button>
          </FormButtons>
        </Form>
      </CardBody>
    </Card>
  )
}
