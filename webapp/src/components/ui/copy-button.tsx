import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button'

interface CopyButtonProps {
  value: string
  /** What is copied, for those who do not see it. */
  label: string
  /** Says the label beside the icon. */
  isLabelShown?: boolean
}

export function CopyButton({ value, label, isLabelShown = false }: CopyButtonProps) {
  const { t } = useTranslation()
  const [isCopied, setIsCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setIsCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [isCopied])
  const copy = async () => {
    await navigator.clipboard.writeText(value)
    setIsCopied(true)
  }
  const Icon = isCopied ? Check : Copy
  return (
    <Button
      size={isLabelShown ? 'sm' : 'icon'}
      variant={isLabelShown ? 'outline' : 'ghost'}
      aria-label={label}
      onClick={() => void copy()}
    >
      <Icon aria-hidden />
      {isLabelShown && <span>{isCopied ? t('actions.copied') : label}</span>}
      <span role="status" className="sr-only">
        {isCopied ? t('actions.copied') : ''}
      </span>
    </Button>
  )
}
