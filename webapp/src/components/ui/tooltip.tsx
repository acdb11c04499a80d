import { Info } from 'lucide-react'
import { Tooltip as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

interface TooltipProps {
  text: ReactNode
  /** Something that can have the focus. */
  children: ReactNode
}

export function Tooltip({ text, children }: TooltipProps) {
  return (
    <Radix.Provider delayDuration={200}>
      <Radix.Root>
        <Radix.Trigger asChild>{children}</Radix.Trigger>
        <Radix.Portal>
          <Radix.Content
            sideOffset={6}
            collisionPadding={8}
            className="z-50 max-w-72 animate-in rounded-md bg-foreground px-2.5 py-1.5 text-xs text-background shadow-float fade-in-0"
          >
            {text}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  )
}

/** An ⓘ that says what a figure means; it can be reached by keyboard and tapped. */
export function Hint({ text, label }: { text: string; label: string }) {
  return (
    <Tooltip text={text}>
      <button
        type="button"
        aria-label={label}
        className="rounded-sm text-muted-foreground hover:text-foreground"
      >
        <Info className="size-4" aria-hidden />
      </button>
    </Tooltip>
  )
}
