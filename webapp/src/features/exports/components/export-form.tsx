import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type ColumnOut, type ExportIn, type ExportOut, exportsRequest } from '@/api'
import { exportsListColumnsOptions } from '@/api/@tanstack/react-query.gen'
import { zExportFormat } from '@/api/zod.gen'
import { ChecksField, SelectField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { currentLanguage } from '@/i18n'
import { useTenantQuery } from '@/lib/requests'
import { useTenant } from '@/lib/tenancy'
import { listTimeZones } from '@/lib/time-zones'
import { RequestedExport } from './requested-export'

const schema = z.object({
  format: zExportFormat,
  time_zone: z.string(),
  columns: z.array(z.string()).min(1),
})
const FORMATS = ['xlsx', 'csv_semicolon', 'csv'] as const

interface ExportFormProps {
  kind: ExportIn['kind']
  query: string
  onClose: () => void
}

/** Asks for a file, then shows how far it is. */
export function ExportForm({ kind, query, onClose }: ExportFormProps) {
  const [requested, setRequested] = useState<ExportOut>()
  const columns = useTenantQuery((path) => exportsListColumnsOptions({ path }))
  if (requested) return <RequestedExport requested={requested} onClose={onClose} />
  return (
    <Loaded query={columns} skeleton={<Skeleton className="h-80" />}>
      {(lists) => (
        <Choices
          kind={kind}
          query={query}
          columns={lists[kind]}
          onRequested={setRequested}
          onClose={onClose}
        />
      )}
    </Loaded>
  )
}

interface ChoicesProps extends ExportFormProps {
  columns: ColumnOut[]
  onRequested: (requested: ExportOut) => void
}

function Choices({ kind, query, columns, onRequested, onClose }: ChoicesProps) {
  const { t } = useTranslation(['exports', 'common'])
  const { id, time_zone } = useTenant()
  const isRussian = currentLanguage() === 'ru'
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { format: 'xlsx', time_zone, columns: columns.map(({ name }) => name) },
    send: (chosen) => exportsRequest({ path: { tenant_id: id }, body: { kind, query, ...chosen } }),
    onDone: onRequested,
  })
  const format = form.watch('format')
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          control={form.control}
          name="format"
          label={t('request.format')}
          hint={t(`formatHints.${format}`)}
          choices={FORMATS.map((value) => ({ value, label: t(`formats.${value}`) }))}
        />
        <SelectField
          control={form.control}
          name="time_zone"
          label={t('request.timeZone')}
          choices={listTimeZones()}
        />
      </div>
      <ChecksField
        className="[&>div:last-of-type]:grid [&>div:last-of-type]:sm:grid-cols-2"
        control={form.control}
        name="columns"
        label={t('request.columns')}
        choices={columns.map(({ name, title_ru, title_en }) => ({
          value: name,
          label: isRussian ? title_ru : title_en,
        }))}
      />
      <FormButtons>
        <Button onClick={onClose}>{t('common:actions.cancel')}</Button>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('request.submit')}
        </Button>
      </FormButtons>
    </Form>
  )
}
