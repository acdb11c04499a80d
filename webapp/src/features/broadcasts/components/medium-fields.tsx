import { useTranslation } from 'react-i18next'
import { SelectField, TextField } from '@/components/form/fields'
import { type DraftControl, type DraftValues, MEDIA } from '../draft'

interface MediumFieldsProps {
  control: DraftControl
  kind: DraftValues['medium_kind']
}

/** What stands above the text: by the address that Telegram fetches it from, or by Telegram's own id of it. */
export function MediumFields({ control, kind }: MediumFieldsProps) {
  const { t } = useTranslation('broadcasts')
  return (
    <div className="grid gap-4 sm:grid-cols-[12rem_minmax(0,1fr)]">
      <SelectField
        control={control}
        name="medium_kind"
        label={t('fields.mediumKind')}
        choices={(['none', ...MEDIA] as const).map((value) => ({ value, label: t(`media.${value}`) }))}
      />
      {kind !== 'none' && (
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
      )}
    </div>
  )
}
