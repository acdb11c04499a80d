import { useTranslation } from 'react-i18next'
import { readProblems } from '@/components/telegram-html/read-problems'

/** Words for what the server found wrong with one field of a draft, where its code alone says too little. */
export function useFieldWords(): (field: string, told: string) => string | undefined {
  const { t, i18n } = useTranslation(['broadcasts', 'markup'])
  return (field, told) => {
    if (field === 'text')
      return readProblems(told)
        .map(({ code, about }) => {
          if (code === 'too_long') return t('problems.tooLong', { about })
          const key = i18n.exists(`markup:problems.${code}`) ? `problems.${code}` : 'problems.other'
          return t(`markup:${key}` as 'markup:problems.other', { about })
        })
        .join(' ')
    if (field === 'medium') return t('problems.medium')
    if (/^buttons\.\d+\.url$/.test(field)) return t('problems.link')
    return undefined
  }
}
