import { useTranslation } from 'react-i18next'
import type { TestDriveStateOut } from '@/api'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'

interface DriveBannerProps {
  state: TestDriveStateOut
  isPending: boolean
  onAgain: () => void
}

/** That the drive is over, why, and how to begin anew. */
export function DriveBanner({ state: { drive, is_lost, steps }, isPending, onAgain }: DriveBannerProps) {
  const { t } = useTranslation('test-drives')
  const again = (
    <Button size="sm" isPending={isPending} onClick={onAgain}>
      {t('again')}
    </Button>
  )
  if (drive.status === 'ended')
    return (
      <Notice tone="info" title={t('ended.title')} actions={again}>
        {t(`ended.${drive.end_reason ?? 'stopped'}`)}
      </Notice>
    )
  if (is_lost)
    return (
      <Notice tone="warning" isUrgent title={t('lost.title')} actions={again}>
        {t('lost.text')}
      </Notice>
    )
  if (steps.every((step) => step.reached_at !== null))
    return (
      <Notice tone="success" title={t('complete.title')} actions={again}>
        {t('complete.text')}
      </Notice>
    )
  return null
}
