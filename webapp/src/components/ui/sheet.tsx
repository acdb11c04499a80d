import type { ComponentProps } from 'react'
import { Dialog } from './dialog'

/** A dialog that comes from the side, on phones from below: details and forms beside a list. */
export function Sheet(props: Omit<ComponentProps<typeof Dialog>, 'side'>) {
  return <Dialog {...props} side="right" />
}
