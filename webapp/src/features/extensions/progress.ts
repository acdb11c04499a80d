import type { ExtensionOut, ExtensionStatus } from '@/api'
import type { Tone } from '@/components/ui/badge'

export const TONES: Record<ExtensionStatus, Tone> = {
  queued: 'neutral',
  running: 'info',
  done: 'success',
  stopped: 'neutral',
}

export function isUnderWay({ status }: Pick<ExtensionOut, 'status'>): boolean {
  return status === 'queued' || status === 'running'
}
