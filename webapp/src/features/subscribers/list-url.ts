/** What the list of subscribers keeps in the URL. */
export interface ListUrl {
  value: {
    page: number
    size: number
    sort: string
    search: string
    subscription: 'active' | 'expired' | undefined
    plan: string | undefined
    blocked: boolean | undefined
  }
  set: (changes: Partial<ListUrl['value']>, options?: { replace?: boolean }) => void
  reset: () => void
  isFiltered: boolean
}
