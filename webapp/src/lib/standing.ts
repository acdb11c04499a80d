/** How loud each way of standing with the platform is. */
export const STANDING_TONES = {
  free: 'neutral',
  trialing: 'info',
  active: 'success',
  past_due: 'warning',
  restricted: 'danger',
  canceled: 'neutral',
} as const
