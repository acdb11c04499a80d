import { Link } from 'react-router-dom'

export function TenantLink({ id, name }: { id: string; name: string }) {
  return (
    <Link to={`/staff/tenants/${id}`} className="inline-block py-0.5 font-medium text-info hover:underline">
      {name}
    </Link>
  )
}
