/** What a key can be given: a noun, to read or to write; the server's table of permissions names them. */
import type { PermissionOut } from '@/api'

export interface ScopeRow {
  noun: string
  /** Of `read` and `write`, those that there are. */
  kinds: ('read' | 'write')[]
}

export function scopeRows(permissions: readonly PermissionOut[]): ScopeRow[] {
  const found = new Map<string, Set<string>>()
  for (const { scope } of permissions) {
    if (scope === null) continue
    const [noun = '', kind = ''] = scope.split(':')
    found.set(noun, (found.get(noun) ?? new Set()).add(kind))
  }
  return [...found].map(([noun, kinds]) => ({
    noun,
    kinds: (['read', 'write'] as const).filter((kind) => kinds.has(kind)),
  }))
}

/** The ids of all scopes of these rows for reading. */
export function readingScopes(rows: readonly ScopeRow[]): string[] {
  return rows.filter(({ kinds }) => kinds.includes('read')).map(({ noun }) => `${noun}:read`)
}
