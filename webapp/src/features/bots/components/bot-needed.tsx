import { Bot } from 'lucide-react'
import { Link } from 'react-router-dom'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { State } from '@/components/ui/state'
import { useTenantPath } from '@/lib/tenancy'

interface BotNeededProps {
  title: string
  text: string
  action: string
}

/** Stands where nothing can be done before a bot is connected, and leads there. */
export function BotNeeded({ title, text, action }: BotNeededProps) {
  const path = useTenantPath()
  return (
    <Card>
      <State
        icon={Bot}
        title={title}
        action={
          <Button asChild variant="primary">
            <Link to={path('/settings/bot')}>{action}</Link>
          </Button>
        }
      >
        {text}
      </State>
    </Card>
  )
}
