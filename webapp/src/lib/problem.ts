/** Every failure of a request, in one shape that pages can act on. */
import { AxiosError, isCancel } from 'axios'
import type { ErrorOut } from '@/api'

export type ProblemKind =
  | 'offline'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'invalid'
  | 'too_many'
  | 'unavailable'
  | 'defect'

export interface Problem {
  kind: ProblemKind
  /** The server's stable code, such as `bot_token_invalid`; texts are chosen by it. */
  code: string
  /** Offending fields with a code each. */
  fields: Record<string, string>
  retryAfterSeconds?: number
}

const KINDS: Record<number, ProblemKind> = {
  400: 'invalid',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  412: 'conflict',
  413: 'invalid',
  422: 'invalid',
  429: 'too_many',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
}

export function toProblem(error: unknown): Problem {
  if (!(error instanceof AxiosError)) return { kind: 'defect', code: 'internal_error', fields: {} }
  const { response } = error
  if (!response) return { kind: 'offline', code: isCancel(error) ? 'cancelled' : 'offline', fields: {} }
  const kind = KINDS[response.status] ?? 'defect'
  const body: unknown = response.data
  const retryAfter = Number(response.headers['retry-after'])
  return {
    kind,
    code: isErrorOut(body) ? body.code : kind,
    fields: isErrorOut(body) ? body.fields : {},
    ...(retryAfter > 0 && { retryAfterSeconds: retryAfter }),
  }
}

/** A repeated request may succeed by itself: the network or the server was away for a moment. */
export function isPassing(error: unknown): boolean {
  return ['offline', 'unavailable'].includes(toProblem(error).kind)
}

/** The session has ended; a wrong password is a 401 too, but another matter. */
export function isSignedOut(error: unknown): boolean {
  return toProblem(error).code === 'not_signed_in'
}

/** A larger plan of the platform, or its paid bill, does away with it. */
export function isOfBill({ code }: Problem): boolean {
  return code === 'limit_reached' || code === 'sales_paused'
}

function isErrorOut(body: unknown): body is ErrorOut {
  return typeof body === 'object' && body !== null && 'code' in body && 'fields' in body
}
