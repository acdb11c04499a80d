/** Which tenant the person looked at last, on this device. */
const KEY = 'lumenpay.tenant'

export function rememberTenant(id: string): void {
  try {
    localStorage.setItem(KEY, id)
  } catch {
    // Storage is forbidden: the first tenant is opened.
  }
}

export function recallTenant(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}
