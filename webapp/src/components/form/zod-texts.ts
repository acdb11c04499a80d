/** Makes zod say what is wrong in the person's language. */
import { z } from 'zod'
import { fieldText } from '@/i18n/problem-text'

type Issue = z.core.$ZodRawIssue

/** What a pattern of the API asks for, in words of `errors.json`: a pattern alone says nothing to whoever fills it in. */
const FORMATS: Partial<Record<string, string>> = {
  '/^[0-9]{1,32}$/': 'digits_only',
  '/^[A-Za-z0-9_-]{2,32}$/': 'promo_code',
  '/^[A-Za-z0-9_-]{4,32}$/': 'access_code',
  '/^([A-Za-z0-9_-]{4,32})?$/': 'access_code',
  '/^[A-Za-z0-9_-]{0,16}$/': 'promo_code_start',
  '/^[0-9]{6}$/': 'six_digits',
  '/^[0-9 ]{12,23}$/': 'card_number',
  '/^[A-Z]{3}$/': 'currency_code',
}

z.config({
  customError: (issue) => {
    if (issue.code === 'too_small' || issue.code === 'too_big') return sizeText(issue)
    if (Number.isNaN(issue.input)) return fieldText('number')
    if (isEmpty(issue.input)) return fieldText('required')
    if (issue.code === 'invalid_type') return fieldText(issue.expected === 'int' ? 'whole_number' : 'invalid')
    if (issue.code === 'invalid_value') return fieldText('choice')
    if (issue.code === 'invalid_format') return fieldText(formatOf(issue))
    if (issue.code === 'custom' && typeof issue.params?.code === 'string') return fieldText(issue.params.code)
    return fieldText('invalid')
  },
})

function formatOf({ format, pattern }: Extract<Issue, { code: 'invalid_format' }>): string {
  if (format === 'email' || format === 'url') return format
  return FORMATS[pattern ?? ''] ?? 'invalid_format'
}

function sizeText(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  const isText = issue.origin === 'string'
  if (issue.code === 'too_big') return fieldText(isText ? 'too_long' : 'too_big', { maximum: issue.maximum })
  if (issue.origin === 'array') return fieldText('at_least_one')
  if (!isText) return fieldText('too_small', { minimum: issue.minimum })
  const length = typeof issue.input === 'string' ? issue.input.length : 0
  if (length === 0) return fieldText('required')
  return fieldText('too_short', { minimum: issue.minimum, missing: Number(issue.minimum) - length })
}

function isEmpty(input: unknown): boolean {
  return input === undefined || input === null || input === ''
}
