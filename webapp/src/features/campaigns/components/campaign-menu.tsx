import { Archive, ArchiveRestore, Ellipsis, PencilLine, QrCode } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type CampaignOut, campaignsArchive, campaignsRestore } from '@/api'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copy-button'
import { Dialog } from '@/components/ui/dialog'
import { Menu, MenuItem } from '@/components/ui/dropdown-menu'
import { later } from '@/lib/later'
import { useTenantAction } from '@/lib/requests'
import { useCan } from '@/lib/tenancy'
import { CampaignLink } from './campaign-link'

const ChangeCampaignForm = later(() =>
  import('./change-campaign-form').then((file) => file.ChangeCampaignForm),
)

/** What can be done with a campaign: copy its link, show the QR code, change it, archive it or bring it back. */
export function CampaignMenu({ campaign }: { campaign: CampaignOut }) {
  const { t } = useTranslation('campaigns')
  const can = useCan()
  const [open, setOpen] = useState<'link' | 'change' | null>(null)
  const close = () => setOpen(null)
  const { id, name, deep_link, archived_at } = campaign
  const isArchived = archived_at !== null
  const move = useTenantAction(
    (path) =>
      isArchived
        ? campaignsRestore({ path: { ...path, campaign_id: id } })
        : campaignsArchive({ path: { ...path, campaign_id: id } }),
    { done: isArchived ? t('restore.done') : t('archive.done') },
  )
  const Icon = isArchived ? ArchiveRestore : Archive
  return (
    <div className="flex justify-end">
      <CopyButton value={deep_link} label={t('link.copyOf', { name })} />
      <Menu
        trigger={
          <Button variant="ghost" size="icon" aria-label={t('menu', { name })}>
            <Ellipsis aria-hidden />
          </Button>
        }
      >
        <MenuItem onSelect={() => setOpen('link')}>
          <QrCode aria-hidden />
          {t('link.open')}
        </MenuItem>
        {can('campaigns-change') && (
          <MenuItem onSelect={() => setOpen('change')}>
            <PencilLine aria-hidden />
            {t('change.open')}
          </MenuItem>
        )}
        {can(isArchived ? 'campaigns-restore' : 'campaigns-archive') && (
          <MenuItem onSelect={() => move.mutate()}>
            <Icon aria-hidden />
            {t(isArchived ? 'restore.open' : 'archive.open')}
          </MenuItem>
        )}
      </Menu>
      <Dialog
        isOpen={open === 'link'}
        onOpenChange={close}
        title={t('link.title', { name })}
        description={t('link.text')}
      >
        <CampaignLink campaign={campaign} />
      </Dialog>
      <Dialog isOpen={open === 'change'} onOpenChange={close} title={t('change.title', { name })}>
        <ChangeCampaignForm campaign={campaign} onDone={close} />
      </Dialog>
    </div>
  )
}
