import { act, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { Link, type RouteObject, RouterProvider, createMemoryRouter } from 'react-router-dom'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { text, useUrlState } from '@/lib/url-state'
import { FiltersBar } from './filters-bar'

const params = { search: text() }

function List() {
  const { value, set, reset, isFiltered } = useUrlState(params)
  return (
    <>
      <FiltersBar
        search={{ value: value.search, onChange: (search) => set({ search }), placeholder: 'Name' }}
        isFiltered={isFiltered}
        onReset={reset}
      />
      <Link to="/other">Other</Link>
    </>
  )
}

/** A list, and a page that takes as long to load as the test wants. */
function open() {
  let arrive: (page: Partial<RouteObject>) => void = () => {}
  const loading = new Promise<Partial<RouteObject>>((resolve) => (arrive = resolve))
  const router = createMemoryRouter(
    [
      { path: '/list', element: <List /> },
      { path: '/other', lazy: () => loading as Promise<{ Component: () => null }> },
    ],
    { initialEntries: ['/list'] },
  )
  render(<RouterProvider router={router} future={{ v7_startTransition: true }} />)
  return { router, arrive: () => arrive({ Component: () => <h1>The other page</h1> }) }
}

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
})
afterEach(() => {
  vi.useRealTimers()
})

test('the address takes over what was typed once the typing rests', async () => {
  const { router } = open()
  await userEvent.setup({ delay: null }).type(screen.getByRole('searchbox'), 'al')
  expect(router.state.location.search).toBe('')
  await act(() => vi.advanceTimersByTimeAsync(301))
  expect(router.state.location.search).toBe('?search=al')
})

test('what was typed just before a jump does not call the jump off', async () => {
  const { router, arrive } = open()
  const user = userEvent.setup({ delay: null })
  await user.type(screen.getByRole('searchbox'), 'al')
  await user.click(screen.getByRole('link', { name: 'Other' }))
  await act(() => vi.advanceTimersByTimeAsync(1000))
  arrive()
  expect(await screen.findByRole('heading', { name: 'The other page' })).toBeVisible()
  expect(router.state.location).toMatchObject({ pathname: '/other', search: '' })
})
