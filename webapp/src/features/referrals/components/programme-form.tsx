import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type ReferralSettingsOut, referralsSetSettings } from '@/api'
import { NumberField, SelectField, SwitchField } from '@/components/form/fields'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { useTenant } from '@/lib/tenancy'

const KINDS = ['none', 'days', 'percent'] as const
const MOST = { days: 366, percent: 100 } as const
const schema = z.object({
  is_on: z.boolean(),
  reward_kind: z.enum(KINDS),
  reward_value: z.int().gte(1).lte(366).nullable(),
  welcome_kind: z.enum(KINDS),
  welcome_value: z.int().gte(1).lte(366).nullable(),
  rewards_a_month: z.int().gte(1).lte(10_000).nullable(),
})

interface ProgrammeFormProps {
  botId: string
  settings: ReferralSettingsOut
  isReadOnly: boolean
}

/** Who gets what when an invited person buys for the first time. */
export function ProgrammeForm({ botId, settings, isReadOnly }: ProgrammeFormProps) {
  const { t } = useTranslation(['referrals', 'common'])
  const { id } = useTenant()
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: {
      ...settings,
      reward_kind: settings.reward_kind ?? 'none',
      welcome_kind: settings.welcome_kind ?? 'none',
    },
    send: ({ reward_kind, welcome_kind, reward_value, welcome_value, ...values }) =>
      referralsSetSettings({
        path: { tenant_id: id, bot_id: botId },
        body: {
          ...values,
          reward_kind: reward_kind === 'none' ? null : reward_kind,
          reward_value: reward_kind === 'none' ? null : reward_value,
          welcome_kind: welcome_kind === 'none' ? null : welcome_kind,
          welcome_value: welcome_kind === 'none' ? null : welcome_value,
        },
      }),
    done: t('settings.done'),
  })
  const { control, formState, watch } = form
  const [reward, welcome] = watch(['reward_kind', 'welcome_kind'])
  const kinds = KINDS.map((value) => ({ value, label: t(`settings.kinds.${value}`) }))
  return (
    <Form onSubmit={onSubmit} rootError={rootError} isDirty={formState.isDirty && !isPending}>
      <fieldset disabled={isReadOnly} className="grid min-w-0 gap-5 sm:grid-cols-2">
        <SwitchField
          className="sm:col-span-2"
          control={control}
          name="is_on"
          label={t('settings.isOn')}
          hint={t('settings.isOnHint')}
        />
        <SelectField
          className={reward === 'none' ? 'sm:col-span-2' : undefined}
          control={control}
          name="reward_kind"
          label={t('settings.reward')}
          hint={t('settings.rewardHint')}
          choices={kinds}
        />
        {reward !== 'none' && (
          <NumberField
            control={control}
            name="reward_value"
            label={t(`settings.${reward}`)}
            min={1}
            max={MOST[reward]}
          />
        )}
        <SelectField
          className={welcome === 'none' ? 'sm:col-span-2' : undefined}
          control={control}
          name="welcome_kind"
          label={t('settings.welcome')}
          hint={t('settings.welcomeHint')}
          choices={kinds}
        />
        {welcome !== 'none' && (
          <NumberField
            control={control}
            name="welcome_value"
            label={t(`settings.${welcome}`)}
            min={1}
            max={MOST[welcome]}
          />
        )}
        {reward !== 'none' && (
          <NumberField
            control={control}
            name="rewards_a_month"
            label={t('settings.cap')}
            hint={t('settings.capHint')}
            min={1}
            max={10_000}
          />
        )}
      </fieldset>
      <p className="text-xs text-pretty text-muted-foreground">{t('settings.rules')}</p>
      {!isReadOnly && (
        <FormButtons>
          <Button type="submit" variant="primary" isPending={isPending} disabled={!formState.isDirty}>
            {t('common:actions.save')}
          </Button>
        </FormButtons>
      )}
    </Form>
  )
}
