import type { ExportOut, ExportStatus } from '@/api'
import type { Operation } from '@/api/permissions.gen'
import type { Tone } from '@/components/ui/badge'

export const TONES: Record<ExportStatus, Tone> = {
  queued: 'neutral',
  running: 'info',
  done: 'success',
  canceled: 'neutral',
  failed: 'danger',
}

export function isUnderWay({ status }: Pick<ExportOut, 'status'>): boolean {
  return status === 'queued' || status === 'running'
}

export function fileOf({ id, kind }: Pick<ExportOut, 'id' | 'kind'>, tenantId: string): string {
  return `/api/v1/tenants/${tenantId}/exports/${kind === 'whole' ? 'whole/' : ''}${id}/file`
}

/** What takes the file: a list is for managers too, everything for the owner alone. */
export function takingOf({ kind }: Pick<ExportOut, 'kind'>): Operation {
  return kind === 'whole' ? 'exports-get_whole' : 'exports-get_file'
}
