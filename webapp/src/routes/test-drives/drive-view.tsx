import { Square } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  type DriveButtonOut,
  testDrivesJoin,
  testDrivesPay,
  testDrivesPress,
  testDrivesStop,
  testDrivesWrite,
} from '@/api'
import { Button } from '@/components/ui/button'
import { Loaded } from '@/components/ui/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { CardSheet } from '@/features/test-drives/components/card-sheet'
import { ChannelsCard } from '@/features/test-drives/components/channels-card'
import { DriveBanner } from '@/features/test-drives/components/drive-banner'
import { Phone } from '@/features/test-drives/components/phone'
import { StepsBar } from '@/features/test-drives/components/steps-bar'
import { useDrive } from '@/features/test-drives/use-drive'
import { notify } from '@/lib/notify'
import { toProblem } from '@/lib/problem'
import { useTenantAction } from '@/lib/requests'
import { Removed } from './removed'

interface DriveViewProps {
  driveId: string
  /** Whether the button that had the focus went when this came. */
  takesFocus: boolean
  onAgain: () => void
}

/** One test drive: the phone, and beside it how far it got. */
export function DriveView({ driveId, takesFocus, onAgain }: DriveViewProps) {
  const { t } = useTranslation('test-drives')
  const state = useDrive(driveId)
  const [paying, setPaying] = useState<DriveButtonOut>()
  const write = useTenantAction((path, text: string) =>
    testDrivesWrite({ path: { ...path, drive_id: driveId }, body: { text } }),
  )
  const press = useTenantAction((path, body: { message_id: number; data: string }) =>
    testDrivesPress({ path: { ...path, drive_id: driveId }, body }),
  )
  const join = useTenantAction(
    (path, link: string) => testDrivesJoin({ path: { ...path, drive_id: driveId }, body: { link } }),
    { done: ({ outcome }) => t(`join.${outcome}`) },
  )
  const pay = useTenantAction(
    (path, body: { payment: string; card: string | null }) =>
      testDrivesPay({ path: { ...path, drive_id: driveId }, body }),
    {
      onDone: ({ status }) => {
        setPaying(undefined)
        if (status === 'canceled') notify.error(t('card.results.canceled'))
        else notify.success(t(`card.results.${status}`))
      },
    },
  )
  const stop = useTenantAction((path) => testDrivesStop({ path: { ...path, drive_id: driveId } }))
  const isBusy = write.isPending || press.isPending || join.isPending
  const use = (button: DriveButtonOut, messageId: number) => {
    if (button.kind === 'pay') setPaying(button)
    if (button.kind === 'press') press.mutate({ message_id: messageId, data: button.data })
    if (button.kind === 'join') join.mutate(button.data)
  }
  if (state.isError && toProblem(state.error).kind === 'not_found') return <Removed onAgain={onAgain} />
  return (
    <Loaded query={state} skeleton={<Skeleton className="mx-auto h-176 max-w-104 rounded-[2rem]" />}>
      {(shown) => (
        <div className="grid gap-5 lg:grid-cols-[20rem_1fr] lg:items-start">
          <div className="space-y-4">
            <DriveBanner
              state={shown}
              isPending={stop.isPending}
              onAgain={() => {
                if (shown.drive.status === 'ended') onAgain()
                else stop.mutate(undefined, { onSuccess: onAgain })
              }}
            />
            <StepsBar state={shown} heardAt={state.dataUpdatedAt} />
            <div className="max-lg:hidden">
              <ChannelsCard channels={shown.channels} />
            </div>
            {shown.drive.status === 'running' && (
              <div className="flex items-center justify-between gap-4">
                <p className="text-xs text-muted-foreground">{t('safe')}</p>
                <Button size="sm" isPending={stop.isPending} onClick={() => stop.mutate()}>
                  {!stop.isPending && <Square aria-hidden />}
                  {t('stop')}
                </Button>
              </div>
            )}
          </div>
          <Phone
            state={shown}
            isBusy={isBusy}
            takesFocus={takesFocus}
            onWrite={write.mutateAsync}
            onUse={use}
          />
          <div className="lg:hidden">
            <ChannelsCard channels={shown.channels} />
          </div>
          <CardSheet
            key={paying?.data}
            button={paying}
            isPending={pay.isPending}
            onPay={(card) => paying && pay.mutate({ payment: paying.data, card })}
            onClose={() => setPaying(undefined)}
          />
        </div>
      )}
    </Loaded>
  )
}
