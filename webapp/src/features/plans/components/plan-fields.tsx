import type { UseFormReturn } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import type { BotOut, ChannelOut, PeriodUnit } from '@/api'
import { DayField } from '@/components/form/day-field'
import {
  ChecksField,
  MoneyField,
  NumberField,
  SelectField,
  SwitchField,
  TextField,
  TextareaField,
} from '@/components/form/fields'
import { Card, CardBody } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import { examplePrice } from '@/lib/currencies'
import { type PlanInput, type PlanValues, UNITS } from '../terms'
import { PlanChanges } from './plan-changes'
import { PlanCurrency } from './plan-currency'
import { PlanLimits } from './plan-limits'
import { PlanReceipts } from './plan-receipts'
import { PlanStars } from './plan-stars'

interface PlanFieldsProps {
  form: UseFormReturn<PlanInput, unknown, PlanValues>
  /** A new plan has none. */
  planId: string | undefined
  /** To choose from; a plan that is there already keeps its bot. */
  bots: BotOut[]
  channels: ChannelOut[]
}

export function PlanFields(props: PlanFieldsProps) {
  return (
    <>
      <Offer {...props} />
      <PlanLimits form={props.form} />
      <Selling form={props.form} planId={props.planId} />
      {props.form.watch('currency') === 'RUB' && <PlanReceipts form={props.form} />}
    </>
  )
}

/** What is sold, for how much and for how long, and what it opens. */
function Offer({ form, bots, channels }: PlanFieldsProps) {
  const { control, setValue, watch } = form
  const { t } = useTranslation('plans')
  const botId = watch('bot_id')
  const currency = watch('currency')
  const own = channels.filter((channel) => channel.bot_id === botId)
  return (
    <Card>
      <CardBody className="grid gap-5 sm:grid-cols-2">
        {bots.length > 1 && (
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
          hint={t('fields.priceHint')}
          currency={currency}
          placeholder={examplePrice(currency)}
        />
        <PlanCurrency form={form} />
        <Period form={form} />
        <PlanStars form={form} />
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
  )
}

function Period({ form: { control, setValue, watch } }: Pick<PlanFieldsProps, 'form'>) {
  const { t } = useTranslation('plans')
  const unit = watch('period_unit')
  const count = watch('period_count')
  const units: readonly PeriodUnit[] = UNITS.some((known) => known === unit) ? UNITS : [unit, ...UNITS]
  const isCounted = unit !== 'lifetime' && unit !== 'until'
  return (
    <div className="grid grid-cols-[5rem_1fr] content-start gap-3">
      {isCounted && <NumberField control={control} name="period_count" label={t('fields.period')} min={1} />}
      <SelectField
        className={isCounted ? undefined : 'col-span-2'}
        control={control}
        name="period_unit"
        label={t(isCounted ? 'fields.unit' : 'fields.period')}
        choices={units.map((value) => ({ value, label: t(`units.${value}`, { count }) }))}
        onChosen={(chosen) => {
          if (chosen !== 'lifetime' && chosen !== 'until') return
          setValue('period_count', 1)
          // There is nothing to renew.
          setValue('is_recurring', false)
        }}
      />
      {unit === 'until' && (
        <DayField
          className="col-span-2"
          control={control}
          name="fixed_end"
          label={t('fields.fixedEnd')}
          hint={t('fields.fixedEndHint')}
        />
      )}
    </div>
  )
}

function Selling({ form: { control, watch }, planId }: Pick<PlanFieldsProps, 'form' | 'planId'>) {
  const { t } = useTranslation('plans')
  return (
    <Card>
      <CardBody className="space-y-5">
        {watch('period_unit') !== 'lifetime' && (
          <SwitchField
            control={control}
            name="is_recurring"
            label={t('fields.recurring')}
            hint={t('fields.recurringHint')}
          />
        )}
        <PlanChanges form={{ control, watch }} planId={planId} />
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
        <SwitchField
          control={control}
          name="is_giftable"
          label={t('fields.giftable')}
          hint={t('fields.giftableHint')}
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
  )
}
