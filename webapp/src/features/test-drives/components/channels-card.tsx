import { useTranslation } from 'react-i18next'
import type { DriveChannelOut } from '@/api'
import { Badge } from '@/components/ui/badge'

const TONES = { outside: 'neutral', requested: 'warning', inside: 'success' } as const

/** On which side of each channel's door the person stands. */
export function ChannelsCard({ channels }: { channels: DriveChannelOut[] }) {
  const { t } = useTranslation('test-drives')
  if (!channels.length) return null
  return (
    <div className="rounded-lg border bg-card p-4 shadow-card">
      <h2 className="mb-2 text-base">{t('channels.title')}</h2>
      <ul className="space-y-1.5">
        {channels.map(({ title, place }, index) => (
          <li key={`${index} ${title}`} className="flex items-center justify-between gap-3">
            <span className="min-w-0 truncate">{title}</span>
            <Badge tone={TONES[place]}>{t(`channels.${place}`)}</Badge>
          </li>
        ))}
      </ul>
    </div>
  )
}
