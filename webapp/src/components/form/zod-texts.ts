/** Makes zod say what is wrong in the person's language. */
import { z } from 'zod'
import { fieldText } from '@/i18n/problem-text'

type Issue = z.core.$ZodRawIssue

z.config({
  customError: (issue) => {
    if (issue.code === 'too_small' || issue.code === 'too_big') return sizeText(issue)
    if (issue.code === 'invalid_type') return fieldText(isEmpty(issue.input) ? 'required' : 'invalid')
    if (issue.code === 'invalid_format') return fieldText(issue.format === 'email' ? 'email' : 'invalid')
    if (issue.code === 'custom' && typeof issue.params?.code === 'string') return fieldText(issue.params.code)
    return fieldText('invalid')
  },
})

function sizeText(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  const isText = issue.origin === 'string'
  if (issue.code === 'too_big') return fieldText(isText ? 'too_long' : 'too_big', { maximum: issue.maximum })
  if (issue.origin === 'array') return fieldText('at_least_one')
  if (isText && issue.minimum === 1) return fieldText('required')
  return fieldText(isText ? 'too_short' : 'too_small', { minimum: issue.minimum })
}

function isEmpty(input: unknown): boolean {
  return input === undefined || input === null || Number.isNaN(input)
}
