import { Progress as Radix } from 'radix-ui'

interface ProgressProps {
  label: string
  value: number
  max?: number
}

export function Progress({ label, value, max = 100 }: ProgressProps) {
  const share = max > 0 ? Math.min(100, (value / max) * 100) : 0
  return (
    <Radix.Root
      value={value}
      max={Math.max(max, 1)}
      aria-label={label}
      className="h-2 w-full overflow-hidden rounded-full bg-muted"
    >
      <Radix.Indicator
        className="h-full rounded-full bg-primary transition-[width] duration-300"
        style={{ width: `${share}%` }}
      />
    </Radix.Root>
  )
}
