import { useTranslation } from 'react-i18next'
import { shopsConnect, shopsGet } from '@/api'
import { zShopInWritable } from '@/api/zod.gen'
import { TextField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { PasswordField } from '@/components/form/password-field'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { useTenant } from '@/lib/tenancy'

interface ShopFormProps {
  botId: string
  /** Of the shop that is there now, or of there being none. */
  version: string
  onDone?: () => void
}

/** The keys are tried out with the gateway before they are stored. */
export function ShopForm({ botId, version, onDone }: ShopFormProps) {
  const { t } = useTranslation('settings')
  const { id } = useTenant()
  const path = { tenant_id: id, bot_id: botId }
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema: zShopInWritable,
    defaults: { shop_id: '', secret_key: '', version },
    send: (body) => shopsConnect({ path, body }),
    newest: async () => ({
      shop_id: '',
      secret_key: '',
      version: (await shopsGet({ path })).data.version,
    }),
    done: t('shop.connect.done'),
    ...(onDone && { onDone }),
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField
          control={form.control}
          name="shop_id"
          label="shopId"
          hint={t('shop.connect.shopIdHint')}
          inputMode="numeric"
          placeholder="123456"
          autoComplete="off"
        />
        <PasswordField
          control={form.control}
          name="secret_key"
          label={t('shop.key')}
          hint={t('shop.connect.keyHint')}
          autoComplete="off"
        />
      </div>
      <FormButtons>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('shop.connect.submit')}
        </Button>
      </FormButtons>
    </Form>
  )
}
