import type { ExportOut, ExportStatus } from '@/api'
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

export function fileOf({ id }: Pick<ExportOut, 'id'>, tenantId: string): string {
  return `/api/v1/tenants/${tenantId}/exports/${id}/file`
}
