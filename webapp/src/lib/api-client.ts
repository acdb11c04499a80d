import type { CreateClientConfig } from '@/api/client.gen'

/**
 * How the generated client calls the API: on our own origin, so that the session cookie goes along and the server's check
 * of the Origin header holds. Errors are told apart in `problem.ts`.
 */
export const createClientConfig: CreateClientConfig = (config) => ({
  ...config,
  baseURL: '',
  timeout: 30_000,
  // Lists are repeated names, and what is not asked for is left out.
  paramsSerializer: { indexes: null },
})
