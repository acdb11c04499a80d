/** Makes zod say what is wrong in the person's language. */
import { z } from 'zod'
import { fieldText } from '@/i18n/problem-text'

z.config({
  customError: (issue) => {
    const { code } = issue
    if (code === 'too_small' || code === 'too_big') {
      const isText = issue.origin === 'string'
      const isList = issue.origin === 'array'
      if (code === 'too_small' && isText && issue.minimum === 1) return fieldText('required')
      if (code === 'too_small' && isList) return fieldText('at_least_one')
      if (code === 'too_small')
        return fieldText(isText ? 'too_short' : 'too_small', { minimum: issue.minimum })
      return fieldText(isText ? 'too_long' : 'too_big', { maximum: issue.maximum })
    }
    if (code === 'invalid_type')
      return fieldText(issue.input === undefined || Number.isNaN(issue.input) ? 'required' : 'invalid')
    if (code === 'invalid_format') return fieldText(issue.format === 'email' ? 'email' : 'invalid')
    if (code === 'custom')
      return fieldText(typeof issue.params?.code === 'string' ? issue.params.code : 'invalid')
    return fieldText('invalid')
  },
})
