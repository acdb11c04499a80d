import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Feature, FeatureOut, FeaturesOut } from '@/api'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { FeatureForm } from './feature-form'

interface FeaturesListProps {
  features: FeaturesOut
  /** Whose switches they are; without one, those for all tenants. */
  tenantId?: string
}

/** What can be switched, how it stands, and switching it. */
export function FeaturesList({ features, tenantId }: FeaturesListProps) {
  const { t } = useTranslation('staff')
  const [asked, setAsked] = useState<Feature>()
  const close = () => setAsked(undefined)
  const chosen = features.items.find(({ feature }) => feature === asked)
  return (
    <>
      <ul className="divide-y border-t">
        {features.items.map((found) => (
          <li
            key={found.feature}
            className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 sm:px-5"
            aria-label={t(`features.names.${found.feature}`)}
          >
            <div className="min-w-0 flex-1 basis-56">
              <p className="flex flex-wrap items-center gap-2 font-medium">
                {t(`features.names.${found.feature}`)}
                <Standing found={found} isOfTenant={tenantId !== undefined} />
              </p>
              <p className="text-sm text-muted-foreground">{t(`features.texts.${found.feature}`)}</p>
            </div>
            <Button
              size="sm"
              aria-label={t('features.changeOne', { name: t(`features.names.${found.feature}`) })}
              onClick={() => setAsked(found.feature)}
            >
              {t('features.change')}
            </Button>
          </li>
        ))}
      </ul>
      <Dialog
        isOpen={chosen !== undefined}
        onOpenChange={close}
        title={chosen ? t(`features.names.${chosen.feature}`) : ''}
        description={t(tenantId === undefined ? 'features.allText' : 'features.ownText')}
      >
        {chosen && <FeatureForm found={chosen} tenantId={tenantId} onDone={close} />}
      </Dialog>
    </>
  )
}

function Standing({ found: { own, for_all }, isOfTenant }: { found: FeatureOut; isOfTenant: boolean }) {
  const { t } = useTranslation('staff')
  const isOn = own ?? for_all
  return (
    <>
      <Badge tone={isOn ? 'success' : 'warning'}>{t(isOn ? 'features.on' : 'features.off')}</Badge>
      {isOfTenant && (
        <span className="text-sm font-normal text-muted-foreground">
          {t(own === null ? 'features.asAll' : 'features.ownSwitch')}
        </span>
      )}
    </>
  )
}
