import { useController } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import type { BotOut } from '@/api'
import { SelectField, TextField } from '@/components/form/fields'
import { useCan } from '@/lib/tenancy'
import { type DraftControl, type DraftValues, MEDIA } from '../draft'
import { UploadField } from './upload-field'

interface MediumFieldsProps {
  control: DraftControl
  kind: DraftValues['medium_kind']
  botId: string
  bot: BotOut | undefined
}

/** What stands above the text: a file of one's own, an address that Telegram fetches, or Telegram's own id. */
export function MediumFields({ control, kind, botId, bot }: MediumFieldsProps) {
  const { t } = useTranslation('broadcasts')
  const can = useCan()
  const { field } = useController({ control, name: 'medium' })
  return (
    <div className="grid gap-4 sm:grid-cols-[12rem_minmax(0,1fr)]">
      <SelectField
        control={control}
        name="medium_kind"
        label={t('fields.mediumKind')}
        choices={(['none', ...MEDIA] as const).map((value) => ({ value, label: t(`media.${value}`) }))}
        onChosen={() => {
          // Telegram's id of a photo is none of a video.
          if (!field.value.includes('://')) field.onChange('')
        }}
      />
      {kind !== 'none' && (
        <div className="min-w-0 space-y-4">
          {botId !== '' && can('broadcasts-upload') && (
            <UploadField
              key={`${botId} ${kind}`}
              botId={botId}
              bot={bot}
              kind={kind}
              onDone={field.onChange}
            />
          )}
          <TextField
            control={control}
            name="medium"
            label={t('fields.medium')}
            hint={t('fields.mediumHint')}
            placeholder="https://"
            maxLength={512}
            autoComplete="off"
            spellCheck={false}
          />
        </div>
      )}
    </div>
  )
}
