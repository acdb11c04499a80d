import type { Control } from 'react-hook-form'
import type { z } from 'zod'
import type { WinBackSeriesOut } from '@/api'
import { zWinBackSeriesIn } from '@/api/zod.gen'

export const MAX_STEPS = 5
export const seriesSchema = zWinBackSeriesIn
export type SeriesValues = z.input<typeof seriesSchema>
export type SeriesControl = Control<SeriesValues, unknown, z.output<typeof seriesSchema>>
export type StepValues = SeriesValues['steps'][number]

/** The series as the form has it. */
export function valuesOf({ steps, ...series }: WinBackSeriesOut): SeriesValues {
  return {
    ...series,
    steps: steps.map(({ discount_kind, ...step }) => ({
      ...step,
      discount_kind: discount_kind === 'extra_days' ? 'extra_days' : 'percent',
    })),
  }
}

/** A further step: a week later, and better by as much again. */
export function nextStep(steps: readonly StepValues[]): StepValues {
  const last = steps.at(-1)
  if (last === undefined)
    return { after_days: 3, discount_kind: 'percent', discount_value: 10, valid_days: 3, plan_ids: [] }
  const most = last.discount_kind === 'percent' ? 100 : 366
  return {
    ...last,
    after_days: Math.min(366, (last.after_days || 0) + 7),
    discount_value: Math.min(most, (last.discount_value || 0) + 10),
  }
}
