import { useQueryClient } from '@tanstack/react-query'
import { type MeOut, authChangeProfile } from '@/api'
import { authMeQueryKey } from '@/api/@tanstack/react-query.gen'
import { type Language, changeLanguage } from '@/i18n'
import { useAction } from './requests'

/** Changes the language here at once, and in the person's account: of our letters, and of the next log-in. */
export function useChooseLanguage(): (language: Language) => void {
  const client = useQueryClient()
  const store = useAction((locale: Language) => authChangeProfile({ body: { locale } }), {
    key: ['nothing'],
    onDone: ({ locale }) =>
      client.setQueryData<MeOut>(authMeQueryKey(), (me) => (me === undefined ? me : { ...me, locale })),
  })
  return (language) => {
    void changeLanguage(language)
    store.mutate(language)
  }
}
