import { act, renderHook } from '@testing-library/react'
import type { ReactNode } from 'react'
import { MemoryRouter, useLocation } from 'react-router-dom'
import { expect, test } from 'vitest'
import { flag, id, integer, oneOf, text, useUrlState } from './url-state'

const schema = {
  page: integer(1),
  size: integer(25, { max: 200 }),
  search: text(),
  status: oneOf(['active', 'expired']),
  plan: id(),
  blocked: flag(),
}
const FUTURE = { v7_startTransition: true, v7_relativeSplatPath: true }

function open(address: string) {
  const wrapper = ({ children }: { children: ReactNode }) => (
    <MemoryRouter initialEntries={[address]} future={FUTURE}>
      {children}
    </MemoryRouter>
  )
  return renderHook(() => ({ state: useUrlState(schema), search: useLocation().search }), { wrapper }).result
}

test('what makes no sense in the address is the default', () => {
  const result = open('/?page=-3&size=1e9&status=evil&plan=1%20OR%201&blocked=perhaps')
  expect(result.current.state.value).toEqual({
    page: 1,
    size: 25,
    search: '',
    status: undefined,
    plan: undefined,
    blocked: undefined,
  })
  expect(result.current.state.isFiltered).toBe(false)
})

test('a filter goes into the address and back to the first page; defaults leave it', () => {
  const result = open('/?page=4&tab=kept')
  act(() => result.current.state.set({ status: 'active', search: 'борис' }))
  expect(new URLSearchParams(result.current.search)).toEqual(
    new URLSearchParams({ tab: 'kept', status: 'active', search: 'борис' }),
  )
  expect(result.current.state.isFiltered).toBe(true)
  act(() => result.current.state.set({ page: 2 }))
  expect(result.current.state.value).toMatchObject({ page: 2, status: 'active' })
  act(() => result.current.state.reset())
  expect(result.current.search).toBe('')
})
