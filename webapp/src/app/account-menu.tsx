import { Suspense, lazy } from 'react'
import { AccountButton } from './account-button'

const Choices = lazy(() => import('./account-choices'))

/** Who is logged in, and behind it how the app looks and speaks, and the way out. Loaded after the page. */
export function AccountMenu() {
  return (
    <Suspense fallback={<AccountButton />}>
      <Choices />
    </Suspense>
  )
}
