import { Link } from 'react-router-dom'
import type { PayerOut } from '@/api'
import { useTenantPath } from '@/lib/tenancy'
import { usePersonName } from '@/lib/use-person-name'

export function PersonLink({ person }: { person: PayerOut }) {
  const path = useTenantPath()
  const nameOf = usePersonName()
  return (
    <Link className="hover:underline" to={path(`/subscribers/${person.id}`)}>
      {nameOf(person)}
    </Link>
  )
}
