import { useEffect } from 'react'

export function useTitle(...parts: (string | undefined)[]): void {
  const title = [...parts.filter(Boolean), 'LumenPay'].join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
}
