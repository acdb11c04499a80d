import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type ImportColumnOut, type ImportOut, importsCheck } from '@/api'
import { SwitchField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { useTenant } from '@/lib/tenancy'
import { type ColumnChoice, FIELDS, type Upload, guessOf, keepUpload, orderOf } from '../upload'
import { ColumnRow } from './column-row'

interface ColumnsFormProps {
  upload: Upload
  onBack: (choice: ColumnChoice) => void
  onChecked: (found: ImportOut) => void
}

/** Which column of a file is what: each with its first values, and with our guess, which may be wrong. */
export function ColumnsForm({ upload, onBack, onChecked }: ColumnsFormProps) {
  const { t } = useTranslation('imports')
  const { id } = useTenant()
  const { file, content, plan_id, grace_days, layout } = upload
  const nameOf = ({ heading, column }: ImportColumnOut, hasHeadings: boolean) =>
    hasHeadings && heading !== '' ? heading : t('mapping.column', { number: column })
  const [schema] = useState(() =>
    z
      .object({
        columns: z.array(z.object({ column: z.number(), field: z.enum([...FIELDS, '']) })),
        has_headings: z.boolean(),
        date_order: z.enum(['day_first', 'month_first']),
      })
      .superRefine(({ columns, has_headings }, { addIssue }) => {
        const fields = columns.map(({ field }) => field)
        if (!fields.includes('telegram_id') && !fields.includes('username'))
          addIssue({ code: 'custom', path: ['columns'], message: t('mapping.nobody') })
        for (const [index, field] of fields.entries()) {
          const first = layout.columns[fields.indexOf(field)]
          if (field === '' || fields.indexOf(field) === index || !first) continue
          const message = t('mapping.twice', { column: nameOf(first, has_headings) })
          addIssue({ code: 'custom', path: ['columns', index, 'field'], message })
        }
      }),
  )
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: upload.choice ?? guessOf(layout),
    send: async ({ columns, ...rest }) =>
      importsCheck({
        path: { tenant_id: id },
        body: {
          file_name: file.name,
          content,
          plan_id,
          grace_days,
          ...rest,
          columns: columns.map(({ column, field }) => ({ column, field: field === '' ? null : field })),
          idempotence_key: crypto.randomUUID(),
        },
      }),
    onDone: (found) => {
      keepUpload(found.id, { ...upload, choice: form.getValues() })
      onChecked(found)
    },
  })
  const hasHeadings = form.watch('has_headings')
  // Ours stands at the root of the list, the server's at the list itself.
  const problem = form.formState.errors.columns
  return (
    <Card>
      {/* Whoever listens to the page hears that it is another one now. */}
      <div ref={takeFocus} tabIndex={-1} className="outline-none">
        <CardHeader title={t('mapping.title')} description={t('mapping.text', { file: file.name })} />
      </div>
      <CardBody>
        <Form onSubmit={onSubmit} rootError={rootError ?? problem?.root?.message ?? problem?.message}>
          <SwitchField
            control={form.control}
            name="has_headings"
            label={t('mapping.headings')}
            hint={t('mapping.headingsHint')}
            className="max-w-prose"
          />
          <ul className="divide-y border-y">
            {layout.columns.map((column, index) => (
              <ColumnRow
                key={column.column}
                form={form}
                index={index}
                column={column}
                hasHeadings={hasHeadings}
                name={nameOf(column, hasHeadings)}
                onEnding={() => form.setValue('date_order', orderOf(column))}
              />
            ))}
          </ul>
          <FormButtons>
            <Button onClick={() => onBack(form.getValues())}>{t('mapping.back')}</Button>
            <Button type="submit" variant="primary" isPending={isPending}>
              {t('mapping.submit')}
            </Button>
          </FormButtons>
        </Form>
      </CardBody>
    </Card>
  )
}

function takeFocus(element: HTMLElement | null): void {
  element?.focus()
}
