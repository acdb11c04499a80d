import { Command } from 'cmdk'
import type { ReactNode } from 'react'

export function Group({
  heading,
  isAlways = false,
  children,
}: {
  heading: string
  isAlways?: boolean
  children: ReactNode
}) {
  return (
    <Command.Group
      heading={heading}
      forceMount={isAlways}
      className="**:[[cmdk-group-heading]]:px-2.5 **:[[cmdk-group-heading]]:py-1.5 **:[[cmdk-group-heading]]:text-xs **:[[cmdk-group-heading]]:text-muted-foreground"
    >
      {children}
    </Command.Group>
  )
}

interface ItemProps {
  onSelect: () => void
  /** What it is told apart by, when its words may stand twice. */
  value?: string
  /** Shown whatever was typed: the server has found it. */
  isAlways?: boolean
  /** Found by these words too. */
  keywords?: string[]
  children: ReactNode
}

export function Item({ onSelect, value, isAlways = false, keywords, children }: ItemProps) {
  return (
    <Command.Item
      onSelect={onSelect}
      {...(value !== undefined && { value })}
      forceMount={isAlways}
      {...(keywords !== undefined && { keywords })}
      className="flex cursor-pointer items-center gap-3 rounded-md px-2.5 py-2 data-[selected=true]:bg-hover [&_svg]:size-4 [&_svg]:text-muted-foreground"
    >
      {children}
    </Command.Item>
  )
}
