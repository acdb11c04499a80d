import { Unlink } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { Button } from '@/components/ui/button'
import { State } from '@/components/ui/state'

interface LinkSpoiledProps {
  /** Where another link is to be had: an address, or what this page does. */
  to: string | (() => void)
  label: string
  text?: string
  /** Another way on, for whom a new link is not needed. */
  other?: { to: string; label: string }
}

/** A letter's link that is incomplete, was used, or has run out. */
export function LinkSpoiled({ to, label, text, other }: LinkSpoiledProps) {
  const { t } = useTranslation('auth')
  return (
    <State
      isPage
      icon={Unlink}
      title={t('link.title')}
      className="px-0"
      action={
        <>
          {typeof to === 'string' ? (
            <Button asChild variant="primary">
              <Link to={to}>{label}</Link>
            </Button>
          ) : (
            <Button variant="primary" onClick={to}>
              {label}
            </Button>
          )}
          {other && (
            <Button asChild>
              <Link to={other.to}>{other.label}</Link>
            </Button>
          )}
        </>
      }
    >
      {text ?? t('link.text')}
    </State>
  )
}
