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

const EXAMPLES: Record<string, string> = {
  RUB: '990', USD: '10', EUR: '10', KZT: '5000', BYN: '30', UAH: '400', UZS: '120000', AMD: '4000', AZN: '17', MDL: '170',
  TRY: '400', INR: '900', XTR: '500',
} // prettier-ignore

/** What a month of a club may cost in a currency, to show how a price is written; nothing for a currency that is rare here. */
export function examplePrice(currency: string): string | undefined {
  return EXAMPLES[currency]
}
