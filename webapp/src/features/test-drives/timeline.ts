/** The chat as it is read: messages, and between them what happened. */
import type { DriveMessageOut, DriveNoticeOut, TestDriveStateOut } from '@/api'

export type Entry =
  | { kind: 'message'; key: string; at: number; message: DriveMessageOut }
  | { kind: 'notice'; key: string; at: number; notice: DriveNoticeOut }

export function orderEntries({ messages, notices }: TestDriveStateOut): Entry[] {
  const entries: Entry[] = [
    ...messages.map((message) => ({
      kind: 'message' as const,
      key: `m${message.id}`,
      at: toSecond(message.sent_at),
      message,
    })),
    ...notices.map((notice, index) => ({
      kind: 'notice' as const,
      key: `n${index} ${notice.kind}`,
      at: toSecond(notice.at),
      notice,
    })),
  ]
  // Telegram's times are whole seconds; within one, messages keep their order and come first.
  return entries.sort((one, other) => one.at - other.at)
}

/** When the step that comes next by itself is to be expected; nothing while it is the person's turn. */
export function expectNext({
  drive,
  steps,
}: TestDriveStateOut): { name: 'reminded' | 'expired'; at: number } | undefined {
  const reachedAt = (name: string) => steps.find((step) => step.name === name)?.reached_at
  const bought = reachedAt('bought')
  if (!bought || reachedAt('expired')) return undefined
  const end = Date.parse(bought) + drive.period_seconds * 1000
  return reachedAt('reminded')
    ? { name: 'expired', at: end }
    : { name: 'reminded', at: end - drive.reminder_seconds * 1000 }
}

/** `1:05` */
export function formatClock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

function toSecond(iso: string): number {
  return Math.floor(Date.parse(iso) / 1000)
}
