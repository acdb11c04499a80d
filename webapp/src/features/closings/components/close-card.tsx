import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { tenantsClose } from '@/api'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { useTenantAction } from '@/lib/requests'
import { useTenant } from '@/lib/tenancy'

/** The button that ends a tenant, behind its name typed. */
export function CloseCard() {
  const { t } = useTranslation('closings')
  const { name } = useTenant()
  const [isAsking, setIsAsking] = useState(false)
  const close = useTenantAction((path) => tenantsClose({ path, body: { name } }), {
    done: t('close.done'),
    onDone: () => setIsAsking(false),
  })
  return (
    <Card aria-label={t('close.title')} className="border-danger/40">
      <CardHeader title={t('close.title')} description={t('close.text')} />
      <CardBody>
        <Button variant="danger" onClick={() => setIsAsking(true)}>
          {t('close.open')}
        </Button>
      </CardBody>
      <AlertDialog
        isOpen={isAsking}
        onOpenChange={setIsAsking}
        title={t('close.question', { name })}
        description={t('close.questionText')}
        confirmLabel={t('close.submit')}
        typeToConfirm={name}
        isPending={close.isPending}
        onConfirm={() => close.mutate()}
      />
    </Card>
  )
}
