/** Formats that the API's description leaves to the server; refused here in words before anything is sent. */
import { z } from 'zod'

// Only what no address can be without: the server knows the rest, also addresses in other scripts.
const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/

export const zEmail = z
  .string()
  .trim()
  .min(1)
  .max(320)
  .refine((text) => text === '' || EMAIL.test(text), { params: { code: 'email' } })

/** Of an authenticator, which shows it in two groups. */
export const zAuthenticatorCode = z
  .string()
  .transform((text) => text.replace(/\s/g, ''))
  .pipe(z.string().regex(/^[0-9]{6}$/))
