import type { StepCode } from '@/api'
import type { Operation } from '@/api/permissions.gen'

/** For a step the page where it is done: one of the tenant's, and what one must be allowed to do there, or one's own. */
export type Places = Partial<Record<StepCode, { path: string; needs: Operation } | { accountPath: string }>>
