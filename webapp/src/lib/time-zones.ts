/** Time zones to choose from; those that sellers in Russia need come first. */
const FIRST = [
  'Europe/Kaliningrad',
  'Europe/Moscow',
  'Europe/Samara',
  'Asia/Yekaterinburg',
  'Asia/Omsk',
  'Asia/Novosibirsk',
  'Asia/Krasnoyarsk',
  'Asia/Irkutsk',
  'Asia/Yakutsk',
  'Asia/Vladivostok',
  'Asia/Magadan',
  'Asia/Kamchatka',
]

export function ownTimeZone(): string {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  return Intl.supportedValuesOf('timeZone').includes(own) ? own : 'Europe/Moscow'
}

export function listTimeZones(now: number = Date.now()): { value: string; label: string }[] {
  const all = Intl.supportedValuesOf('timeZone')
  const own = ownTimeZone()
  return [...new Set([own, ...FIRST, ...all])].map((value) => ({
    value,
    label: `${value.replaceAll('_', ' ')} (${offset(value, now)})`,
  }))
}

function offset(timeZone: string, now: number): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'shortOffset' }).formatToParts(now)
  return parts.find(({ type }) => type === 'timeZoneName')?.value.replace('GMT', 'UTC') ?? 'UTC'
}
