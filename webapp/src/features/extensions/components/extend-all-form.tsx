import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type ExtensionOut, extensionsRequest } from '@/api'
import { NumberField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { useTenant } from '@/lib/tenancy'

const MAX_DAYS = 366
const schema = z.object({ days: z.int().gte(1).lte(MAX_DAYS) })
const USUAL = [1, 3, 7, 14] as const

interface ExtendAllFormProps {
  /** Of the list of subscribers; empty for everybody. */
  query: string
  /** Subscriptions that would get the days. */
  count: number
  onBegun: (extension: ExtensionOut) => void
  onClose: () => void
}

export function ExtendAllForm({ query, count, onBegun, onClose }: ExtendAllFormProps) {
  const { t } = useTranslation(['extensions', 'common'])
  const { id } = useTenant()
  // One key for one dialog: a request that is repeated adds the days once.
  const [key] = useState(() => crypto.randomUUID())
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { days: 7 },
    send: ({ days }) =>
      extensionsRequest({ path: { tenant_id: id }, body: { days, query, idempotence_key: key } }),
    onDone: onBegun,
  })
  const days = form.watch('days')
  if (count === 0)
    return (
      <>
        <Notice tone="info">{t('nobody')}</Notice>
        <FormButtons>
          <Button onClick={onClose}>{t('common:actions.close')}</Button>
        </FormButtons>
      </>
    )
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <div role="group" aria-label={t('usual')} className="grid grid-cols-4 gap-2">
        {USUAL.map((usual) => (
          <Button
            key={usual}
            variant={days === usual ? 'primary' : 'outline'}
            aria-pressed={days === usual}
            onClick={() => form.setValue('days', usual, { shouldDirty: true, shouldValidate: true })}
          >
            {t('days', { count: usual })}
          </Button>
        ))}
      </div>
      <NumberField control={form.control} name="days" label={t('howMany')} min={1} max={MAX_DAYS} />
      <p className="text-muted-foreground">{t('whom', { count })}</p>
      <FormButtons>
        <Button onClick={onClose}>{t('common:actions.cancel')}</Button>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('submit', { count })}
        </Button>
      </FormButtons>
    </Form>
  )
}
