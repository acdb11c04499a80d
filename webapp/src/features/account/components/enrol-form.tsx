import { KeyRound } from 'lucide-react'
import { QRCodeSVG } from 'qrcode.react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { type TotpOut, authConfirmSecondFactor } from '@/api'
import { TextField } from '@/components/form/fields'
import { zAuthenticatorCode } from '@/components/form/formats'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copy-button'

const schema = z.object({ code: zAuthenticatorCode })

interface EnrolFormProps {
  totp: TotpOut
  onDone: (recoveryCodes: string[]) => void
}

/** Scan or type the secret, then prove with a code that the app has it. */
export function EnrolForm({ totp, onDone }: EnrolFormProps) {
  const { t } = useTranslation('account')
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema,
    defaults: { code: '' },
    send: (body) => authConfirmSecondFactor({ body }),
    done: t('factor.isOn'),
    onDone: ({ recovery_codes }) => onDone(recovery_codes),
  })
  return (
    <Form onSubmit={onSubmit} rootError={rootError}>
      {/* Whoever sits at the phone with the app cannot scan its own screen. */}
      <Button asChild className="w-full sm:hidden">
        <a href={totp.uri}>
          <KeyRound aria-hidden />
          {t('factor.openApp')}
        </a>
      </Button>
      <div className="flex flex-col items-center gap-4 sm:flex-row sm:items-start">
        <div className="rounded-md border bg-white p-3">
          <QRCodeSVG value={totp.uri} size={160} title={t('factor.qr')} />
        </div>
        <div className="min-w-0 flex-1 space-y-1 self-stretch">
          <p className="text-muted-foreground">{t('factor.secret')}</p>
          <div className="flex items-start gap-1">
            <p className="pt-1.5 font-mono text-sm break-words">{inGroups(totp.secret)}</p>
            <CopyButton value={totp.secret} label={t('factor.copySecret')} />
          </div>
        </div>
      </div>
      <TextField
        control={form.control}
        name="code"
        label={t('factor.code')}
        inputMode="numeric"
        autoComplete="one-time-code"
        className="[&_input]:font-mono"
      />
      <FormButtons>
        <Button type="submit" variant="primary" isPending={isPending}>
          {t('factor.turnOn')}
        </Button>
      </FormButtons>
    </Form>
  )
}

function inGroups(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(' ') ?? secret
}
