/** The token of an invitation while its reader logs in: it waits in this tab only, and goes once it was used. */
const KEY = 'lumenpay.invitation'

export function keepInvitation(token: string): void {
  sessionStorage.setItem(KEY, token)
}

export function readInvitation(): string {
  return sessionStorage.getItem(KEY) ?? ''
}

export function dropInvitation(): void {
  sessionStorage.removeItem(KEY)
}
