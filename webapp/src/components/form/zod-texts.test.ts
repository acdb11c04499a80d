import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import generated from '@/api/zod.gen.ts?raw'
import { fieldText } from '@/i18n/problem-text'
import { zAuthenticatorCode, zEmail } from './formats'
import './zod-texts'

/** Never typed by anybody: made by the portal, or chosen from a list. */
const NOT_TYPED = ['/^[A-Za-z0-9_-]{8,48}$/', '/^[0-9a-f-]{36}$/', '/^[a-z_]+\\.[a-z_]+$/']
const GENERAL = ['invalid', 'invalid_format'] as const

const said = (schema: z.ZodType, input: unknown) => schema.safeParse(input).error?.issues[0]?.message
let general: string[]
beforeAll(() => {
  general = GENERAL.map((code) => fieldText(code))
})

test('every format of the API has words that say what is asked for', () => {
  const patterns = new Set([...generated.matchAll(/\.regex\((\/.+?\/)\)/g)].map(([, pattern]) => pattern!))
  expect(patterns.size).toBeGreaterThan(5)
  for (const pattern of patterns) {
    if (NOT_TYPED.includes(pattern)) continue
    const text = said(z.string().regex(new RegExp(pattern.slice(1, -1))), '☃☃')
    expect(general, pattern).not.toContain(text)
  }
})

test('what is wrong with a value is told from what is missing', () => {
  const amount = z.int().gte(1).lte(100)
  expect(said(amount, null)).toBe('Заполните это поле')
  expect(said(amount, NaN)).toBe('Введите число')
  expect(said(z.union([amount, z.null()]), NaN)).toBe('Введите число')
  expect(said(amount, 1.5)).toBe('Введите целое число')
  expect(said(amount, -3)).toBe('Не меньше 1')
  expect(said(z.string().min(10), 'короткий')).toBe('Не меньше 10 симв., не хватает ещё 2')
  expect(said(z.enum(['ru', 'en']), 'de')).toBe('Выберите из списка')
})

test.each(['anna', 'anna@', '@example.ru', 'anna@example', 'anna@exa mple.ru', 'anna@example..ru'])(
  '%s is no address, and it is said what one takes',
  (text) => {
    expect(said(zEmail, text)).toMatch(/нужны имя, @ и домен/)
  },
)

test('an address may be written in any script, and an authenticator code in groups', () => {
  expect(zEmail.parse(' анна@пример.рф ')).toBe('анна@пример.рф')
  expect(said(zEmail, '')).toBe('Заполните это поле')
  expect(zAuthenticatorCode.parse('123 456')).toBe('123456')
  expect(said(zAuthenticatorCode, '12a')).toMatch(/Шесть цифр/)
  expect(said(zAuthenticatorCode, ' ')).toBe('Заполните это поле')
})
