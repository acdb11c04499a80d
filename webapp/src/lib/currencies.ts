/** What a shop of YooKassa can be paid in, as its API names them (`CurrencyCode`). */
export const CURRENCIES = [
  'RUB',
  'USD',
  'EUR',
  'KZT',
  'BYN',
  'UAH',
  'UZS',
  'AMD',
  'AZN',
  'MDL',
  'TRY',
  'INR',
] as const

/** A currency as its readers call it: “Казахстанский тенге, KZT”. */
export function nameOfCurrency(code: string, language: string): string {
  const name = new Intl.DisplayNames(language, { type: 'currency' }).of(code) ?? code
  return name === code ? code : `${name.charAt(0).toLocaleUpperCase(language)}${name.slice(1)}, ${code}`
}
