import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type ExportOut, exportsRequestWhole } from '@/api'
import { SelectField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { currentLanguage } from '@/i18n'
import { useTenant } from '@/lib/tenancy'
import { listTimeZones } from '@/lib/time-zones'
import { RequestedExport } from './requested-export'

const FORMATS = ['csv_semicolon', 'csv'] as const
const schema = z.object({ format: z.enum(FORMATS), time_zone: z.string() })

/** Asks for the archive, then shows how far it is. */
export function WholeExportForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['exports', 'common'])
  const { id, time_zone } = useTenant()
  const [requested, setRequested] = useState<ExportOut>()
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { format: currentLanguage() === 'ru' ? 'csv_semicolon' : 'csv', time_zone },
    send: (body) => exportsRequestWhole({ path: { tenant_id: id }, body }),
    onDone: setRequested,
  })
  const format = form.watch('format')
  if (requested) return <RequestedExport requested={requested} onClose={onClose} />
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <ul className="list-disc space-y-1 pl-5 text-muted-foreground">
        <li>{t('whole.holds')}</li>
        <li>{t('whole.lacks')}</li>
        <li>{t('whole.care')}</li>
      </ul>
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          control={form.control}
          name="format"
          label={t('whole.format')}
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
      <FormButtons>
        <Button onClick={onClose}>{t('common:actions.cancel')}</Button>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('whole.submit')}
        </Button>
      </FormButtons>
    </Form>
  )
}
