import type { ComponentType } from 'react'
import type { LazyRouteFunction, RouteObject } from 'react-router-dom'
import { i18n } from '@/i18n'
import type { Namespace } from '@/i18n/texts'

/** A page that is loaded when it is first opened, together with its texts. */
export function page(
  load: () => Promise<{ Page: ComponentType }>,
  ...namespaces: Namespace[]
): LazyRouteFunction<RouteObject> {
  return async () => {
    const [{ Page }] = await Promise.all([load(), i18n.loadNamespaces(namespaces)])
    return { Component: Page }
  }
}
