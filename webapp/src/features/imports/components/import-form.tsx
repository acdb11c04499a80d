import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type ImportOut, type PlanOut, importsCheck } from '@/api'
import { NumberField, SelectField } from '@/components/form/fields'
import { FileField } from '@/components/form/file-field'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { useTenant } from '@/lib/tenancy'
import { readImportFile } from '../read-file'

const MAX_GRACE_DAYS = 366

interface ImportFormProps {
  plans: PlanOut[]
  onChecked: (found: ImportOut) => void
}

export function ImportForm({ plans, onChecked }: ImportFormProps) {
  const { t } = useTranslation('imports')
  const { id } = useTenant()
  const [schema] = useState(() =>
    z.object({
      content: z.instanceof(File, { error: t('form.noFile') }),
      plan_id: z.string().min(1),
      grace_days: z.int().gte(0).lte(MAX_GRACE_DAYS),
    }),
  )
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { plan_id: plans[0]?.id ?? '', grace_days: 7 },
    send: async ({ content, plan_id, grace_days }) =>
      importsCheck({
        path: { tenant_id: id },
        body: {
          file_name: content.name,
          content: await readImportFile(content),
          plan_id,
          grace_days,
          // Looking at a file gives nothing: looking again, with another grace, is another import.
          idempotence_key: crypto.randomUUID(),
        },
      }),
    onDone: onChecked,
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <FileField
        control={form.control}
        name="content"
        label={t('form.file')}
        hint={t('form.fileHint')}
        words={{ choose: t('form.choose'), none: t('form.nothingChosen') }}
        accept=".csv,.txt,.tsv,.json"
      />
      <SelectField
        control={form.control}
        name="plan_id"
        label={t('form.plan')}
        hint={t('form.planHint')}
        choices={plans.map(({ id: value, title: label }) => ({ value, label }))}
      />
      <NumberField
        control={form.control}
        name="grace_days"
        label={t('form.grace')}
        hint={t('form.graceHint')}
        min={0}
        max={MAX_GRACE_DAYS}
      />
      <FormButtons>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('form.submit')}
        </Button>
      </FormButtons>
    </Form>
  )
}
