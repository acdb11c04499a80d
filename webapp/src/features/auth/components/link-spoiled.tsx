import { Unlink } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { Button } from '@/components/ui/button'
import { State } from '@/components/ui/state'

interface LinkSpoiledProps {
  /** Where another link is to be had. */
  to: string
  label: string
  text?: string
}

/** A letter's link that is incomplete, was used, or has run out. */
export function LinkSpoiled({ to, label, text }: LinkSpoiledProps) {
  const { t } = useTranslation('auth')
  return (
    <State
      isPage
      icon={Unlink}
      title={t('link.title')}
      className="px-0"
      action={
        <Button asChild variant="primary">
          <Link to={to}>{label}</Link>
        </Button>
      }
    >
      {text ?? t('link.text')}
    </State>
  )
}
