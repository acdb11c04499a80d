import { Link } from 'react-router-dom'

export function TenantLink({ id, name }: { id: string; name: string }) {
  return (
    <Link to={`/staff/tenants/${id}`} className="font-medium text-info hover:underline">
      {name}
    </Link>
  )
}
