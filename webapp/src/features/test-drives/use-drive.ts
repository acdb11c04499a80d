import { useQuery } from '@tanstack/react-query'
import { type TestDriveStateOut, testDrivesGet } from '@/api'
import { toProblem } from '@/lib/problem'
import { useTenant } from '@/lib/tenancy'

const WAIT_SECONDS = 20
const RETRY_MILLISECONDS = 3000

/**
 * What the phone shows, as it changes: the server answers when there is something new, and is asked again at once. While the
 * page is not looked at, nobody asks.
 */
export function useDrive(driveId: string) {
  const { id } = useTenant()
  return useQuery<TestDriveStateOut>({
    queryKey: [id, { _id: 'testDrivesGet', driveId }],
    queryFn: async ({ client, queryKey, signal }) => {
      const known = client.getQueryData<TestDriveStateOut>(queryKey)
      const query = known ? { since: known.version, wait: WAIT_SECONDS } : {}
      const { data } = await testDrivesGet({ path: { tenant_id: id, drive_id: driveId }, query, signal })
      return data
    },
    retry: false,
    staleTime: 0,
    refetchInterval: ({ state: { data, error } }) => {
      if (data?.drive.status === 'ended' || data?.is_lost) return false
      if (!error) return 50
      return toProblem(error).kind === 'not_found' ? false : RETRY_MILLISECONDS
    },
  })
}
