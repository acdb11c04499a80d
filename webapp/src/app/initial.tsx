/** A tenant's first letter, in place of a picture. */
export function Initial({ name }: { name: string }) {
  return (
    <span
      aria-hidden
      className="flex size-7 shrink-0 items-center justify-center rounded-md bg-info-soft text-xs font-semibold text-info"
    >
      {firstOf(name).toUpperCase()}
    </span>
  )
}

function firstOf(name: string): string {
  const [first] = new Intl.Segmenter().segment(name)
  return first?.segment ?? ''
}
