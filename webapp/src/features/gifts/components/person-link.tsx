import { Link } from 'react-router-dom'
import type { PayerOut } from '@/api'
import { useTenantPath } from '@/lib/tenancy'

/** Telegram names may be empty. */
function nameOf({ first_name, last_name, username, telegram_id }: PayerOut): string {
  return `${first_name} ${last_name}`.trim() || (username !== null ? `@${username}` : String(telegram_id))
}

export function PersonLink({ person }: { person: PayerOut }) {
  const path = useTenantPath()
  return (
    <Link className="hover:underline" to={path(`/subscribers/${person.id}`)}>
      {nameOf(person)}
    </Link>
  )
}
