import { expect, test } from 'vitest'
import { safeReturnPath } from './session'

test.each([
  null,
  '',
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r\\evil.example',
  '\t//evil.example',
  ' //evil.example',
  'https://evil.example',
  'https:evil.example',
  'https:/evil.example',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,x',
  '@evil.example',
  '.evil.example',
  '/../..//evil.example',
  '/./\\evil.example',
  '/\u0000/evil.example',
])('nobody is sent to %j after the log-in (j5)', (path) => {
  const safe = safeReturnPath(path)
  expect(new URL(safe, window.location.origin).origin).toBe(window.location.origin)
  expect(safe).toMatch(/^\/(?![/\\])/)
  expect(safe).not.toContain('evil')
})

test.each(['/', '/t/1/plans?search=x&page=2', '/t/1/users/2#timeline', '/a/b%20c?next=//x.example'])(
  'a page of ours is kept: %s (j5)',
  (path) => {
    expect(safeReturnPath(path)).toBe(path)
  },
)
