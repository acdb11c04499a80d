import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import {
  type BotOut,
  type ReceiptSettingsOut,
  fiscalReceiptsChangeSettings,
  fiscalReceiptsGetSettings,
} from '@/api'
import { fiscalReceiptsGetSettingsOptions } from '@/api/@tanstack/react-query.gen'
import { SelectField, SwitchField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { MODES, SUBJECTS, TAX_SYSTEMS, VAT_CODES, type VatCode } from '@/lib/receipts'
import { useTenantQuery } from '@/lib/requests'
import { useCan, useTenant } from '@/lib/tenancy'

const schema = z.object({
  is_on: z.boolean(),
  takes_phone: z.boolean(),
  vat_code: z.enum(VAT_CODES),
  tax_system_code: z.enum(['', ...TAX_SYSTEMS]),
  subject: z.enum(SUBJECTS),
  mode: z.enum(MODES),
  version: z.string(),
})

function valuesOf({ vat_code, tax_system_code, ...settings }: ReceiptSettingsOut) {
  return {
    ...settings,
    vat_code: String(vat_code) as VatCode,
    tax_system_code: (tax_system_code ?? '').toString() as '' | (typeof TAX_SYSTEMS)[number],
  }
}

/** What the bot's shop writes into fiscal receipts, and whether it sends any. */
export function ReceiptSettings({ bot }: { bot: BotOut }) {
  const { t } = useTranslation('fiscal-receipts')
  const settings = useTenantQuery((path) =>
    fiscalReceiptsGetSettingsOptions({ path: { ...path, bot_id: bot.id } }),
  )
  return (
    <Card aria-label={`${t('title')}: @${bot.username}`}>
      <CardHeader title={t('title')} description={t('settings.hint')} />
      <CardBody>
        <Loaded query={settings} skeleton={<Skeleton className="h-24" />}>
          {(found) => <SettingsForm botId={bot.id} settings={found} />}
        </Loaded>
      </CardBody>
    </Card>
  )
}

function SettingsForm({ botId, settings }: { botId: string; settings: ReceiptSettingsOut }) {
  const { t } = useTranslation(['fiscal-receipts', 'common'])
  const { id } = useTenant()
  const can = useCan()
  const path = { tenant_id: id, bot_id: botId }
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: valuesOf(settings),
    send: ({ vat_code, tax_system_code, ...values }) =>
      fiscalReceiptsChangeSettings({
        path,
        body: {
          ...values,
          vat_code: Number(vat_code),
          tax_system_code: tax_system_code === '' ? null : Number(tax_system_code),
        },
      }),
    newest: async () => valuesOf((await fiscalReceiptsGetSettings({ path })).data),
    done: t('settings.done'),
  })
  const { control, formState, watch } = form
  const isReadOnly = !can('fiscal_receipts-change_settings')
  return (
    <Form onSubmit={onSubmit} rootError={rootError} isDirty={formState.isDirty && !isPending}>
      <fieldset disabled={isReadOnly} className="grid min-w-0 gap-5 sm:grid-cols-2">
        <SwitchField
          className="sm:col-span-2"
          control={control}
          name="is_on"
          label={t('settings.isOn')}
          hint={t('settings.isOnHint')}
        />
        {watch('is_on') && (
          <>
            <SelectField
              control={control}
              name="vat_code"
              label={t('settings.vat')}
              choices={VAT_CODES.map((value) => ({ value, label: t(`vat.${value}`) }))}
            />
            <SelectField
              control={control}
              name="subject"
              label={t('settings.subject')}
              choices={SUBJECTS.map((value) => ({ value, label: t(`subjects.${value}`) }))}
            />
            <SelectField
              control={control}
              name="mode"
              label={t('settings.mode')}
              choices={MODES.map((value) => ({ value, label: t(`modes.${value}`) }))}
            />
            <SelectField
              control={control}
              name="tax_system_code"
              label={t('settings.system')}
              hint={t('settings.systemHint')}
              choices={[
                { value: '', label: t('systems.none') },
                ...TAX_SYSTEMS.map((value) => ({ value, label: t(`systems.${value}`) })),
              ]}
            />
            <SwitchField
              className="sm:col-span-2"
              control={control}
              name="takes_phone"
              label={t('settings.takesPhone')}
              hint={t('settings.takesPhoneHint')}
            />
          </>
        )}
      </fieldset>
      {!isReadOnly && (
        <FormButtons>
          <Button type="submit" variant="primary" isPending={isPending} disabled={!formState.isDirty}>
            {t('common:actions.save')}
          </Button>
        </FormButtons>
      )}
    </Form>
  )
}
