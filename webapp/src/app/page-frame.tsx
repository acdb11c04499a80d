import { Suspense } from 'react'
import { Outlet } from 'react-router-dom'
import { FirstLoad } from './first-load'

/** What is inside the frame may break or load without taking the frame along. */
export function PageFrame() {
  return (
    <Suspense fallback={<FirstLoad />}>
      <Outlet />
    </Suspense>
  )
}
