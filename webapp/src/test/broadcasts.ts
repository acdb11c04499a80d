/** Broadcasts of the tests: one that is written, and one that goes out. */
import type { BroadcastOut } from '@/api'
import { AT, id } from './cast'

export function aBroadcast(changes: Partial<BroadcastOut> = {}): BroadcastOut {
  return {
    id: id(90),
    bot_id: id(3),
    title: 'Новый эфир',
    text: 'Привет, {name}! <b>Эфир сегодня</b>',
    medium_kind: null,
    medium: null,
    buttons: [],
    name_fallback: '',
    plan_fallback: '',
    paid_until_fallback: '',
    repeats: null,
    trigger: null,
    delay_minutes: 0,
    category: 'news',
    query: '',
    from_hour: 0,
    until_hour: 24,
    length: 28,
    max_length: 4096,
    status: 'draft',
    paused_because: null,
    scheduled_at: null,
    in_readers_zones: false,
    waiting_for_hour: null,
    tested_at: null,
    started_at: null,
    started_by: null,
    finished_at: null,
    last_sent_at: null,
    total_count: null,
    left_count: null,
    sent_count: 0,
    failed_count: 0,
    blocked_count: 0,
    uncertain_count: 0,
    skipped_count: 0,
    rate_per_minute: null,
    seconds_left: null,
    created_at: AT,
    version: 'first',
    ...changes,
  }
}

/** One that goes out. */
export function aRun(changes: Partial<BroadcastOut> = {}): BroadcastOut {
  return aBroadcast({
    status: 'running',
    tested_at: AT,
    started_at: AT,
    total_count: 1200,
    left_count: 780,
    sent_count: 400,
    failed_count: 3,
    blocked_count: 15,
    uncertain_count: 2,
    rate_per_minute: 1500,
    seconds_left: 32,
    ...changes,
  })
}
