import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type ImportOut, type PlanOut, importsCheck, importsReadColumns } from '@/api'
import { NumberField, SelectField } from '@/components/form/fields'
import { FileField } from '@/components/form/file-field'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { useTenant } from '@/lib/tenancy'
import { readImportFile } from '../read-file'
import type { Upload } from '../upload'

const MAX_GRACE_DAYS = 366

/** Either what is asked next, or the report. */
interface Read {
  upload?: Upload
  found?: ImportOut
}

interface ImportFormProps {
  plans: PlanOut[]
  /** What was sent before, when its columns are looked at again. */
  earlier: Upload | undefined
  /** Of a CSV its columns are shown first. */
  onColumns: (upload: Upload) => void
  onChecked: (found: ImportOut) => void
}

export function ImportForm({ plans, earlier, onColumns, onChecked }: ImportFormProps) {
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
    defaults: {
      ...(earlier && { content: earlier.file }),
      plan_id: earlier?.plan_id ?? plans[0]?.id ?? '',
      grace_days: earlier?.grace_days ?? 7,
    },
    send: async ({ content: file, plan_id, grace_days }): Promise<{ data: Read }> => {
      const path = { tenant_id: id }
      const content = await readImportFile(file)
      const { data: layout } = await importsReadColumns({ path, body: { content } })
      if (layout.kind === 'csv') return { data: { upload: { file, content, plan_id, grace_days, layout } } }
      // Looking at a file gives nothing: looking again, with another grace, is another import.
      const idempotence_key = crypto.randomUUID()
      const body = { file_name: file.name, content, plan_id, grace_days, idempotence_key }
      return { data: { found: (await importsCheck({ path, body })).data } }
    },
    onDone: ({ upload, found }) => {
      if (upload) onColumns(upload)
      if (found) onChecked(found)
    },
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
