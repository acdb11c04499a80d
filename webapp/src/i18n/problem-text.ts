/** Words for what went wrong, chosen by the server's codes. */
import type { Problem } from '@/lib/problem'
import { i18n } from '.'

export function problemText(problem: Problem): string {
  const key = i18n.exists(`errors:codes.${problem.code}`) ? `codes.${problem.code}` : `kinds.${problem.kind}`
  return i18n.t(key as 'kinds.defect', { ns: 'errors', seconds: problem.retryAfterSeconds ?? 5 })
}

/** Words for one offending field; its code comes from the server's rules, from pydantic or from zod. */
export function fieldText(code: string, values: Record<string, unknown> = {}): string {
  const key = i18n.exists(`errors:fields.${code}`) ? `fields.${code}` : 'fields.invalid'
  return i18n.t(key as 'fields.invalid', { ns: 'errors', ...values })
}
