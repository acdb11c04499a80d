import { useEffect, useState } from 'react'

/** The server's clock, every second: what it said, and how long ago by our own clock that was. */
export function useServerNow(saidAt: string, heardAt: number, isRunning: boolean): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!isRunning) return
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [isRunning])
  return Date.parse(saidAt) + Math.max(0, now - heardAt)
}
