import { useTranslation } from 'react-i18next'
import { type MeOut, authChangeProfile } from '@/api'
import { zProfileIn } from '@/api/zod.gen'
import { SelectField, TextField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { LANGUAGES, changeLanguage } from '@/i18n'

export function ProfileCard({ me }: { me: MeOut }) {
  const { t } = useTranslation('account')
  const { t: common } = useTranslation()
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema: zProfileIn,
    defaults: { name: me.name, locale: me.locale === 'en' ? 'en' : 'ru' },
    send: (body) => authChangeProfile({ body }),
    done: t('profile.done'),
    onDone: ({ locale }) => void changeLanguage(locale === 'en' ? 'en' : 'ru'),
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
