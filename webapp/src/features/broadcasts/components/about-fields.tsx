import { useTranslation } from 'react-i18next'
import type { BotOut } from '@/api'
import { SelectField, TextField } from '@/components/form/fields'
import { CATEGORIES, type DraftControl } from '../draft'

interface AboutFieldsProps {
  control: DraftControl
  /** To choose from; a stored broadcast keeps its bot. */
  bots: BotOut[]
}

/** What the team calls a broadcast, and what kind it is. */
export function AboutFields({ control, bots }: AboutFieldsProps) {
  const { t } = useTranslation('broadcasts')
  return (
    <>
      <TextField
        control={control}
        name="title"
        label={t('fields.title')}
        hint={t('fields.titleHint')}
        maxLength={128}
        autoComplete="off"
      />
      {bots.length > 1 && (
        <SelectField
          control={control}
          name="bot_id"
          label={t('fields.bot')}
          choices={bots.map((bot) => ({ value: bot.id, label: `@${bot.username}` }))}
        />
      )}
      <SelectField
        control={control}
        name="category"
        label={t('fields.category')}
        hint={t('fields.categoryHint')}
        choices={CATEGORIES.map((value) => ({ value, label: t(`categories.${value}`) }))}
      />
    </>
  )
}
