/** The API as a test wants it to answer: `answer('get', '/plans', pageOf([aPlan()]))`; addresses are inside the tenant. */
import { HttpResponse, type JsonBodyType, http } from 'msw'
import { setupServer } from 'msw/node'
import type { ErrorOut, MeOut, TenantDetailOut } from '@/api'
import { ME, TENANT } from './cast'

const IN_TENANT = `*/api/v1/tenants/${TENANT.id}`

export const server = setupServer(
  // Asked for by every page for whoever is not logged in.
  http.get('*/api/v1/auth/providers', () => HttpResponse.json([])),
  // Asked for wherever a source is named.
  http.get(`${IN_TENANT}/campaigns/names`, () => HttpResponse.json({ names: [] })),
)

export function answer(
  method: 'get' | 'post' | 'put' | 'patch' | 'delete',
  path: string,
  body: JsonBodyType,
  status = 200,
) {
  const requests: unknown[] = []
  server.use(
    http[method](path.startsWith('*') ? path : IN_TENANT + path, async ({ request }) => {
      const url = new URL(request.url)
      requests.push(
        method === 'get' ? Object.fromEntries(url.searchParams) : await request.json().catch(() => null),
      )
      return status === 204 ? new HttpResponse(null, { status }) : HttpResponse.json(body, { status })
    }),
  )
  return requests
}

export function refuse(
  method: 'get' | 'post' | 'put' | 'patch' | 'delete',
  path: string,
  status: number,
  error: Partial<ErrorOut>,
) {
  return answer(method, path, { code: 'internal_error', message: '', fields: {}, ...error }, status)
}

/** Who is logged in, and where. */
export function signIn(role: typeof TENANT.role = 'owner'): void {
  const tenant = { ...TENANT, role }
  server.use(
    http.get('*/api/v1/auth/me', () => HttpResponse.json(ME)),
    http.get('*/api/v1/tenants', () => HttpResponse.json(pageOf([tenant]))),
    http.get(IN_TENANT, () => HttpResponse.json(tenant)),
  )
}

/** Logged in, in a tenant with these facts. */
export function signInTo(changes: Partial<TenantDetailOut>): void {
  signIn()
  server.use(http.get(IN_TENANT, () => HttpResponse.json({ ...TENANT, ...changes })))
}

/** Somebody whom the API knows by these facts. */
export function signInAs(changes: Partial<MeOut>) {
  signIn()
  server.use(http.get('*/api/v1/auth/me', () => HttpResponse.json({ ...ME, ...changes })))
}

export function pageOf<Item>(items: Item[], total = items.length) {
  return { items, total, page: 1, size: 25 }
}
