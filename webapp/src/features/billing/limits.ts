/** What a plan of the platform may limit, in the order in which it is shown. */
export const LIMITS = [
  'max_bots',
  'max_channels',
  'max_subscribers',
  'max_broadcasts',
  'max_members',
] as const
