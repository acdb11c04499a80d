/** Opens an address of the app as a person's browser does: the real router, the real requests, answers from `server.ts`. */
import { QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { RouterProvider, createMemoryRouter } from 'react-router-dom'
import { FUTURE, ROUTES } from '@/app/router'
import { makeQueryClient } from '@/lib/query-client'
import { TENANT } from './cast'

export function renderPage(path: string) {
  const router = createMemoryRouter(ROUTES, {
    initialEntries: [path.replace(/^~/, `/t/${TENANT.id}`)],
    future: FUTURE,
  })
  const client = makeQueryClient()
  const defaults = client.getDefaultOptions()
  client.setDefaultOptions({ ...defaults, queries: { ...defaults.queries, retry: false } })
  const user = userEvent.setup()
  render(
    <QueryClientProvider client={client}>
      <RouterProvider router={router} future={{ v7_startTransition: true }} />
    </QueryClientProvider>,
  )
  return { user, router, location: () => router.state.location }
}
