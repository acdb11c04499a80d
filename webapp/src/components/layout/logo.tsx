export function Logo() {
  return (
    <span className="inline-flex items-center gap-2 text-base font-semibold tracking-tight">
      <svg viewBox="0 0 32 32" className="size-7" aria-hidden>
        <rect width="32" height="32" rx="8" fill="#1d4ed8" />
        <path
          d="M11 7v14.5a2.5 2.5 0 0 0 2.5 2.5H22"
          fill="none"
          stroke="#fff"
          strokeWidth="4"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
        <circle cx="21.5" cy="11" r="3.5" fill="#fbbf24" />
      </svg>
      LumenPay
    </span>
  )
}
