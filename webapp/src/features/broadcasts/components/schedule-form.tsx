import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type BroadcastOut, broadcastsSchedule } from '@/api'
import { DayField } from '@/components/form/day-field'
import { SwitchField, TextField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { momentAt, timeOfDay, today } from '@/lib/days'
import { useTenant } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'
import { clock, isAlways, isOpenAt, nextOpen } from '../hours'

const schema = z.object({ day: z.string().min(1), time: z.string().min(1), inReadersZones: z.boolean() })
const HOUR_MILLISECONDS = 3_600_000

interface ScheduleFormProps {
  found: BroadcastOut
  people: number
  onClose: () => void
}

/** When a broadcast begins by itself, in the tenant's time zone. */
export function ScheduleForm({ found, people, onClose }: ScheduleFormProps) {
  const { t } = useTranslation(['broadcasts', 'common'])
  const format = useFormat()
  const { id, time_zone } = useTenant()
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: firstChoice(found, time_zone),
    send: ({ day, time, inReadersZones }) =>
      broadcastsSchedule({
        path: { tenant_id: id, broadcast_id: found.id },
        body: {
          at: momentAt(day, time, time_zone),
          in_readers_zones: inReadersZones,
          version: found.version,
        },
      }),
    done: t(found.trigger === null ? 'schedule.done' : 'schedule.byItself.done'),
    onDone: onClose,
    serverNames: { at: 'day' },
  })
  const [time, inReadersZones] = form.watch(['time', 'inReadersZones'])
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      <div className="grid grid-cols-2 gap-4">
        <DayField control={form.control} name="day" label={t('schedule.day')} min={today(time_zone)} />
        <TextField control={form.control} name="time" type="time" label={t('schedule.time')} />
      </div>
      <p className="text-muted-foreground">{t('schedule.zone', { zone: time_zone })}</p>
      {time !== '' && !isOpenAt(found, time) && (
        <Notice tone="warning">{t('start.night', { from: clock(found.from_hour) })}</Notice>
      )}
      {found.trigger === null && (
        <SwitchField
          control={form.control}
          name="inReadersZones"
          label={t('schedule.readers')}
          hint={t('schedule.readersHint')}
        />
      )}
      {inReadersZones && !isAlways(found) && (
        <Notice tone="info">
          {t('schedule.readersHours', {
            from: clock(found.from_hour),
            until: clock(found.until_hour),
          })}
        </Notice>
      )}
      {found.repeats !== null && <p>{t('schedule.repeats')}</p>}
      {found.trigger === null && (
        <p>
          {t('schedule.people', { count: people, people: format.number(people) })}{' '}
          <span className="text-muted-foreground">{t('schedule.recount')}</span>
        </p>
      )}
      <FormButtons>
        <Button onClick={onClose}>{t('common:actions.cancel')}</Button>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('schedule.submit')}
        </Button>
      </FormButtons>
    </Form>
  )
}

/** What is scheduled already, or the next hour but one, or else when people are written to again. */
function firstChoice(found: BroadcastOut, timeZone: string): z.infer<typeof schema> {
  const soon = Math.ceil((Date.now() + HOUR_MILLISECONDS) / HOUR_MILLISECONDS) * HOUR_MILLISECONDS
  const at = found.scheduled_at === null ? soon : Date.parse(found.scheduled_at)
  const choice = { day: today(timeZone, at), time: timeOfDay(timeZone, at) }
  const inReadersZones = found.in_readers_zones
  return { ...(found.scheduled_at === null ? nextOpen(found, choice) : choice), inReadersZones }
}
