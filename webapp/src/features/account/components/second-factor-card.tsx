import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  type SecondFactorOut,
  type TotpOut,
  authBeginSecondFactor,
  authRenewRecoveryCodes,
  authTurnOffSecondFactor,
} from '@/api'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Dialog } from '@/components/ui/dialog'
import { Notice } from '@/components/ui/notice'
import { useAction } from '@/lib/requests'
import { EnrolForm } from './enrol-form'
import { RecoveryCodes } from './recovery-codes'

const FEW_CODES = 3

export function SecondFactorCard({ state }: { state: SecondFactorOut }) {
  const { t } = useTranslation('account')
  const [totp, setTotp] = useState<TotpOut>()
  const [codes, setCodes] = useState<string[]>()
  const [asked, setAsked] = useState<'off' | 'renew'>()
  const begin = useAction(() => authBeginSecondFactor(), { onDone: setTotp, key: ['nothing'] })
  const turnOff = useAction(() => authTurnOffSecondFactor(), {
    done: t('factor.isOff'),
    onDone: () => setAsked(undefined),
  })
  const renew = useAction(() => authRenewRecoveryCodes(), {
    onDone: ({ recovery_codes }) => {
      setAsked(undefined)
      setCodes(recovery_codes)
    },
  })
  const left = state.recovery_codes_left
  return (
    <Card>
      <CardHeader
        title={
          <span className="flex items-center gap-2.5">
            {t('factor.title')}
            <Badge tone={state.is_on ? 'success' : 'neutral'}>
              {t(state.is_on ? 'factor.on' : 'factor.off')}
            </Badge>
          </span>
        }
        description={t(state.is_on ? 'factor.textOn' : 'factor.textOff')}
        actions={
          state.is_on ? (
            <>
              <Button onClick={() => setAsked('renew')}>{t('factor.renew')}</Button>
              <Button onClick={() => setAsked('off')}>{t('factor.turnOff')}</Button>
            </>
          ) : (
            <Button variant="primary" isPending={begin.isPending} onClick={() => begin.mutate()}>
              {t('factor.turnOn')}
            </Button>
          )
        }
      />
      {state.is_on && (
        <CardBody>
          {left < FEW_CODES ? (
            <Notice tone="warning">{t('factor.codesLeft', { count: left })}</Notice>
          ) : (
            <p className="text-muted-foreground">{t('factor.codesLeft', { count: left })}</p>
          )}
        </CardBody>
      )}
      <Dialog
        isOpen={totp !== undefined}
        onOpenChange={() => setTotp(undefined)}
        title={t('factor.enrol')}
        description={t('factor.enrolText')}
      >
        {totp && (
          <EnrolForm
            totp={totp}
            onDone={(made) => {
              setTotp(undefined)
              setCodes(made)
            }}
          />
        )}
      </Dialog>
      <Dialog
        isOpen={codes !== undefined}
        onOpenChange={() => setCodes(undefined)}
        isKept
        title={t('codes.title')}
        description={t('codes.text')}
      >
        {codes && <RecoveryCodes codes={codes} onDone={() => setCodes(undefined)} />}
      </Dialog>
      <AlertDialog
        isOpen={asked === 'off'}
        onOpenChange={() => setAsked(undefined)}
        title={t('factor.offTitle')}
        description={t('factor.offText')}
        confirmLabel={t('factor.turnOff')}
        isPending={turnOff.isPending}
        onConfirm={() => turnOff.mutate()}
      />
      <AlertDialog
        isOpen={asked === 'renew'}
        onOpenChange={() => setAsked(undefined)}
        tone="primary"
        title={t('factor.renewTitle')}
        description={t('factor.renewText')}
        confirmLabel={t('factor.renew')}
        isPending={renew.isPending}
        onConfirm={() => renew.mutate()}
      />
    </Card>
  )
}
