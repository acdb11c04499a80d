import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import type { BotOut, ChannelOut, PeriodUnit, PlanOut } from '@/api'
import {
  ChecksField,
  MoneyField,
  NumberField,
  SelectField,
  SwitchField,
  TextField,
  TextareaField,
} from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { Card, CardBody } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import { type Terms, UNITS, termsOf, termsSchema } from '../terms'

interface PlanFormProps {
  plan?: PlanOut
  bots: BotOut[]
  channels: ChannelOut[]
  isReadOnly?: boolean
  draftKey: string
  send: (terms: Terms, botId: string) => Promise<{ data: PlanOut }>
  done: string
  onDone: () => void
  onCancel: () => void
}

const schema = termsSchema.extend({ bot_id: z.string(), channel_ids: z.array(z.string()).min(1).max(50) })

export function PlanForm({
  plan,
  bots,
  channels,
  isReadOnly = false,
  draftKey,
  send,
  done,
  onDone,
  onCancel,
}: PlanFormProps) {
  const { t } = useTranslation(['plans', 'common'])
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: plan
      ? { ...termsOf(plan), bot_id: plan.bot_id }
      : {
          title: '',
          description: '',
          currency: 'RUB',
          period_unit: 'month',
          period_count: 1,
          position: 0,
          is_on_sale: true,
          is_hidden: false,
          channel_ids: [],
          bot_id: bots[0]?.id ?? '',
        },
    send: ({ bot_id, ...terms }) => send(terms, bot_id),
    done,
    onDone,
    draftKey,
    serverNames: { price: 'price_minor' },
  })
  const { control, formState, setValue, watch } = form
  const botId = watch('bot_id')
  const unit = watch('period_unit')
  const currency = watch('currency')
  const own = channels.filter((channel) => channel.bot_id === botId)
  const units: readonly PeriodUnit[] = (UNITS as readonly PeriodUnit[]).includes(unit)
    ? UNITS
    : [unit, ...UNITS]
  return (
    <Form onSubmit={onSubmit} rootError={rootError} isDirty={formState.isDirty && !isPending}>
      <fieldset disabled={isReadOnly} className="contents">
        <Card>
          <CardBody className="grid gap-5 sm:grid-cols-2">
            {!plan && bots.length > 1 && (
              <SelectField
                className="sm:col-span-2"
                control={control}
                name="bot_id"
                label={t('fields.bot')}
                choices={bots.map((bot) => ({ value: bot.id, label: `@${bot.username}` }))}
                onChosen={() => setValue('channel_ids', [])}
              />
            )}
            <TextField
              className="sm:col-span-2"
              control={control}
              name="title"
              label={t('fields.title')}
              hint={t('fields.titleHint')}
              maxLength={128}
              autoComplete="off"
            />
            <TextareaField
              className="sm:col-span-2"
              control={control}
              name="description"
              label={t('fields.description')}
              hint={t('fields.descriptionHint')}
              isOptional
              maxLength={1000}
            />
            <MoneyField
              control={control}
              name="price_minor"
              label={t('fields.price')}
              currency={currency}
              placeholder="990"
            />
            <div className="grid grid-cols-[5rem_1fr] gap-3">
              {unit !== 'lifetime' && (
                <NumberField control={control} name="period_count" label={t('fields.period')} min={1} />
              )}
              <SelectField
                className={unit === 'lifetime' ? 'col-span-2' : undefined}
                control={control}
                name="period_unit"
                label={t(unit === 'lifetime' ? 'fields.period' : 'fields.unit')}
                choices={units.map((value) => ({ value, label: t(`units.${value}`) }))}
                onChosen={(chosen) => {
                  if (chosen === 'lifetime') setValue('period_count', 1)
                }}
              />
            </div>
            <ChecksField
              className="sm:col-span-2"
              control={control}
              name="channel_ids"
              label={t('fields.channels')}
              hint={t('fields.channelsHint')}
              choices={own.map(({ id, title, status }) => ({
                value: id,
                label: title,
                ...(status !== 'active' && { description: t('fields.channelNotReady') }),
              }))}
              empty={<Notice tone="warning">{t('fields.noChannels')}</Notice>}
            />
          </CardBody>
        </Card>
        <Card>
          <CardBody className="space-y-5">
            <SwitchField
              control={control}
              name="is_on_sale"
              label={t('fields.onSale')}
              hint={t('fields.onSaleHint')}
            />
            <SwitchField
              control={control}
              name="is_hidden"
              label={t('fields.hidden')}
              hint={t('fields.hiddenHint')}
            />
            <NumberField
              className="max-w-60"
              control={control}
              name="position"
              label={t('fields.position')}
              hint={t('fields.positionHint')}
              min={0}
            />
          </CardBody>
        </Card>
      </fieldset>
      {!isReadOnly && (
        <FormButtons>
          <Button onClick={onCancel}>{t('common:actions.cancel')}</Button>
          <Button type="submit" variant="primary" isPending={isPending}>
            {t(plan ? 'common:actions.save' : 'create.submit')}
          </Button>
        </FormButtons>
      )}
    </Form>
  )
}
