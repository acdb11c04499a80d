import type { ReactNode } from 'react'

interface HeatCellProps {
  /** From 0 to 1: how strong the colour is. The figure itself says it too. */
  share: number
  title?: string
  children: ReactNode
}

export function HeatCell({ share, title, children }: HeatCellProps) {
  // Less than half, so that the text is readable on it in both themes.
  const percent = Math.round(4 + Math.min(1, Math.max(0, share)) * 41)
  return (
    <td
      title={title}
      className="h-9 rounded-sm px-2 text-xs tabular-nums"
      style={{ backgroundColor: `color-mix(in oklab, var(--chart-1) ${percent}%, var(--card))` }}
    >
      {children}
    </td>
  )
}
