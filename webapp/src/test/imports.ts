/** An import that was checked and a line of it, and what the server answers of them. */
import type { ImportOut, ImportRowOut } from '@/api'
import { aPlan } from './cast'
import { answer, pageOf, signIn } from './server'

export const IMPORT_ID = '00000000-0000-7000-8000-000000000077'
export const NO_LINES = {
  created: 0,
  extended: 0,
  already: 0,
  claim: 0,
  claimed: 0,
  held: 0,
  repeated: 0,
  wrong: 0,
}
export const CHECKED_IMPORT: ImportOut = {
  id: IMPORT_ID,
  bot_id: '00000000-0000-7000-8000-000000000002',
  plan_id: '00000000-0000-7000-8000-000000000003',
  plan_title: 'Club',
  kind: 'csv',
  file_name: 'people.csv',
  columns: [
    { column: 1, heading: 'Клиент №', field: 'telegram_id', wrong: 0 },
    { column: 3, heading: 'Срок', field: 'ends_at', wrong: 2 },
  ],
  grace_days: 7,
  grace_ends_at: null,
  first_ends_at: '2026-12-31T21:00:00Z',
  last_ends_at: '2027-02-15T21:00:00Z',
  status: 'checked',
  lines: 4,
  done: 1,
  outcomes: { ...NO_LINES, created: 2, claim: 1, wrong: 1 },
  held_because: null,
  can_go_on: false,
  requested_by: null,
  created_at: '2026-11-20T09:00:00Z',
  started_at: null,
  finished_at: null,
}
export const IMPORT_ROW: ImportRowOut = {
  line: 5,
  telegram_id: null,
  username: 'vera',
  name: '',
  until_at: null,
  ends_at: null,
  outcome: 'wrong',
  problem: 'date_unreadable',
  problem_field: 'ends_at',
  is_done: true,
  user_id: null,
  claim_url: null,
}

/** Returns what is asked of the lines. */
export function serveImport(found: ImportOut, rows: ImportRowOut[] = []) {
  signIn()
  answer('get', '/plans', pageOf([aPlan({ title: 'Club' })]))
  answer('get', '/imports', pageOf([found]))
  answer('get', `/imports/${IMPORT_ID}`, found)
  return answer('get', `/imports/${IMPORT_ID}/rows`, pageOf(rows))
}
