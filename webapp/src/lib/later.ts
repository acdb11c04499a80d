import { type ComponentType, type LazyExoticComponent, lazy } from 'react'

/**
 * A component that is loaded when it is first shown: what a page does not need to be seen. A dialog waits for its content by itself.
 *
 * `const InviteForm = later(() => import('./invite-form').then((file) => file.InviteForm))`
 */
export function later<Props>(
  load: () => Promise<ComponentType<Props>>,
): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => ({ default: await load() }))
}
