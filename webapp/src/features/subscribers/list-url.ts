/** What the list of subscribers keeps in the URL. */
export interface ListUrl {
  value: {
    page: number
    size: number
    sort: 'newest' | 'oldest' | 'name' | 'name_descending'
    search: string
    state: 'active' | 'expired' | 'never' | undefined
    plan: string | undefined
    blocked: boolean | undefined
  }
  set: (changes: Partial<ListUrl['value']>, options?: { replace?: boolean }) => void
  reset: () => void
  isFiltered: boolean
}
