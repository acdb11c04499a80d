import { expect, test } from 'vitest'
import { permissions } from '@/api/permissions.gen'

const files = import.meta.glob<Record<string, unknown>>('./locales/*/*.json', {
  import: 'default',
  eager: true,
})

function keys(texts: Record<string, unknown>, path = ''): string[] {
  return Object.entries(texts).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null
      ? keys(value as Record<string, unknown>, `${path}${name}.`)
      : [`${path}${name}`.replace(/_(one|few|many|other)$/, '_plural')],
  )
}

function read(language: string): Record<string, string[]> {
  const own = Object.entries(files).filter(([file]) => file.startsWith(`./locales/${language}/`))
  return Object.fromEntries(
    own.map(([file, texts]): [string, string[]] => [
      file.split('/').pop() ?? '',
      [...new Set(keys(texts))].sort(),
    ]),
  )
}

test('English has every text that Russian has, and no other', () => {
  expect(read('en')).toEqual(read('ru'))
})

test('Russian plurals have every form, and no text is empty', () => {
  for (const [file, texts] of Object.entries(files)) {
    const flat = JSON.stringify(texts)
    expect(flat, file).not.toContain('""')
    if (!file.startsWith('./locales/ru/')) continue
    // A name that merely ends like a plural has no other forms.
    const plurals = [...flat.matchAll(/"(\w+)_other":/g)].map(([, name = '']) => name)
    for (const name of plurals)
      for (const form of ['one', 'few', 'many'])
        expect(flat, `${file} ${name}`).toContain(`"${name}_${form}":`)
  }
})

test('the same variables stand in both languages', () => {
  const variables = (text: string) => [...new Set(text.match(/\{\{\w+\}\}|<\w+>/g))].sort()
  const values = (texts: Record<string, unknown>, path = ''): [string, string][] =>
    Object.entries(texts).flatMap(([name, value]) =>
      typeof value === 'string'
        ? [[`${path}${name}`, value] as [string, string]]
        : values(value as Record<string, unknown>, `${path}${name}.`),
    )
  for (const [file, texts] of Object.entries(files).filter(([name]) => name.startsWith('./locales/ru/'))) {
    const english = Object.fromEntries(values(files[file.replace('/ru/', '/en/')] ?? {}))
    for (const [key, russian] of values(texts)) {
      if (english[key] !== undefined)
        expect(variables(english[key]), `${file} ${key}`).toEqual(variables(russian))
    }
  }
})

test('the page of roles has words for every operation that people may do', () => {
  const { nouns = {}, operations = {} } = files['./locales/ru/team.json'] as {
    nouns?: Record<string, string>
    operations?: Record<string, Record<string, string>>
  }
  const wordless = Object.keys(permissions).filter((operation) => {
    const [noun = '', verb = ''] = operation.split('-')
    return nouns[noun] === undefined || operations[noun]?.[verb] === undefined
  })
  expect(wordless).toEqual([])
})
