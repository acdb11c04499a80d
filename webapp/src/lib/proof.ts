/**
 * Where the API wants a fresh proof of who asks (`reauth_required`), a dialog asks for it once, and the request goes again.
 * Pages need not know: whatever they send waits meanwhile.
 */
import { type AxiosInstance, isAxiosError } from 'axios'
import { useSyncExternalStore } from 'react'
import { toProblem } from './problem'

let waiting: ((isProved: boolean) => void)[] = []
const listeners = new Set<() => void>()
const tell = () => listeners.forEach((listener) => listener())

export const proof = {
  /** Resolves once the person has proved who they are, or has closed the dialog. */
  ask: () =>
    new Promise<boolean>((resolve) => {
      waiting = [...waiting, resolve]
      tell()
    }),
  answer: (isProved: boolean) => {
    const asked = waiting
    waiting = []
    tell()
    asked.forEach((resolve) => resolve(isProved))
  },
}

export function useIsProofAsked(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => waiting.length > 0,
  )
}

export function repeatAfterProof(axios: AxiosInstance): void {
  axios.interceptors.response.use(undefined, async (error: unknown) => {
    if (!isAxiosError(error) || !error.config || toProblem(error).code !== 'reauth_required') throw error
    if (!(await proof.ask())) throw error
    return axios.request(error.config)
  })
}
