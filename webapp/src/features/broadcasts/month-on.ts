/** When the subscription of whom a message is shown for ends: about a month from now. */
export function aMonthOn(): string {
  return new Date(Date.now() + 30 * 86_400_000).toISOString()
}
