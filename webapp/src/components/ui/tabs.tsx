import { Tabs as Radix } from 'radix-ui'
import { type ReactNode, useEffect, useRef } from 'react'
import { cn } from '@/lib/cn'

interface TabsProps<Value extends string> {
  label: string
  value: Value
  onChange: (value: Value) => void
  tabs: readonly { value: Value; label: ReactNode; content: ReactNode }[]
  className?: string
}

/** Panels of one page; which one is open belongs into the URL (`useUrlState`). */
export function Tabs<Value extends string>({ label, value, onChange, tabs, className }: TabsProps<Value>) {
  const bar = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // Where they do not fit, the open one must not be outside of the line.
    const line = bar.current
    const open = line?.querySelector<HTMLElement>('[data-state=active]')
    if (line && open)
      line.scrollLeft = open.offsetLeft - line.offsetLeft - (line.clientWidth - open.offsetWidth) / 2
  }, [value])
  return (
    <Radix.Root value={value} onValueChange={(chosen) => onChange(chosen as Value)} className={className}>
      <Radix.List
        ref={bar}
        aria-label={label}
        className="fade-end flex gap-5 overflow-x-auto overflow-y-hidden border-b"
      >
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.value}
            value={tab.value}
            className={cn(
              '-mb-px border-b-2 border-transparent py-2.5 font-medium whitespace-nowrap text-muted-foreground hover:text-foreground',
              'data-[state=active]:border-primary data-[state=active]:text-foreground',
            )}
          >
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.value} value={tab.value} className="pt-5 outline-none">
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  )
}
