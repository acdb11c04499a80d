import { useQuery } from '@tanstack/react-query'
import { authMeOptions } from '@/api/@tanstack/react-query.gen'

export function useMe() {
  return useQuery({ ...authMeOptions(), staleTime: 5 * 60_000 })
}
