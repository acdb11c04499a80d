import { useTranslation } from 'react-i18next'
import type { ActorOut } from '@/api'

/** Who acted: a name where there is one, and as what. */
export function Actor({ actor }: { actor: ActorOut }) {
  const { t, i18n } = useTranslation('audit')
  const kind = i18n.exists(`audit:kinds.${actor.kind}`)
    ? t(`kinds.${actor.kind}` as 'kinds.admin')
    : actor.kind
  if (!actor.name) return <span className="text-muted-foreground">{kind}</span>
  return (
    <>
      <span className="block truncate">{actor.name}</span>
      {actor.kind !== 'admin' && <span className="block text-xs text-muted-foreground">{kind}</span>}
    </>
  )
}
