import { Eye, Pause, Play } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type TenantHealthOut, staffTenantsResume } from '@/api'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { useAction } from '@/lib/requests'
import { LookForm } from './look-form'
import { SuspendForm } from './suspend-form'

export function TenantActions({ tenant }: { tenant: TenantHealthOut }) {
  const { t } = useTranslation('staff')
  const [asked, setAsked] = useState<'suspend' | 'resume' | 'look'>()
  const close = () => setAsked(undefined)
  const resume = useAction(() => staffTenantsResume({ path: { tenant_id: tenant.id } }), {
    done: t('resume.done'),
    onDone: close,
  })
  return (
    <>
      <Button onClick={() => setAsked('look')}>
        <Eye aria-hidden />
        {t('look.open')}
      </Button>
      {tenant.suspended_at === null ? (
        <Button variant="danger" onClick={() => setAsked('suspend')}>
          <Pause aria-hidden />
          {t('suspend.open')}
        </Button>
      ) : (
        <Button variant="primary" onClick={() => setAsked('resume')}>
          <Play aria-hidden />
          {t('resume.open')}
        </Button>
      )}
      <Dialog
        isOpen={asked === 'suspend'}
        onOpenChange={close}
        title={t('suspend.title', { tenant: tenant.name })}
        description={t('suspend.text')}
      >
        <SuspendForm tenantId={tenant.id} onDone={close} />
      </Dialog>
      <Dialog
        isOpen={asked === 'look'}
        onOpenChange={close}
        title={t('look.title', { tenant: tenant.name })}
        description={t('look.text')}
      >
        <LookForm tenantId={tenant.id} />
      </Dialog>
      <AlertDialog
        isOpen={asked === 'resume'}
        onOpenChange={close}
        tone="primary"
        title={t('resume.title', { tenant: tenant.name })}
        description={t('resume.text')}
        confirmLabel={t('resume.open')}
        isPending={resume.isPending}
        onConfirm={() => resume.mutate()}
      />
    </>
  )
}
