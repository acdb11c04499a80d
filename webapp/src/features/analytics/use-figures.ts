import { useMemo } from 'react'
import { today } from '@/lib/days'
import { useTenant } from '@/lib/tenancy'
import { type PeriodUrl, chooseBucket, resolveDays } from './period'

/** What is asked of the API for the period in the URL; unless it says which payments, the API chooses. */
export function useAsked({ period, from, until, bucket, test }: PeriodUrl['value']) {
  const { time_zone: timeZone } = useTenant()
  const now = today(timeZone)
  return useMemo(() => {
    const days = resolveDays({ period, from, until, bucket, test }, now)
    return { ...days, bucket: bucket ?? chooseBucket(days), ...(test !== undefined && { is_test: test }) }
  }, [period, from, until, bucket, test, now])
}

export type Asked = ReturnType<typeof useAsked>
