import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import type { ExportOut } from '@/api'
import { exportsGetOptions } from '@/api/@tanstack/react-query.gen'
import { Button } from '@/components/ui/button'
import { DialogFooter } from '@/components/ui/dialog'
import { Notice } from '@/components/ui/notice'
import { useTenantQuery } from '@/lib/requests'
import { useTenant, useTenantPath } from '@/lib/tenancy'
import { fileOf, isUnderWay } from '../progress'
import { ExportProgress } from './export-progress'

/** How far a file is; it goes on being written when the dialog is closed. */
export function RequestedExport({ requested, onClose }: { requested: ExportOut; onClose: () => void }) {
  const { t } = useTranslation(['exports', 'common'])
  const { id } = useTenant()
  const path = useTenantPath()
  const query = useTenantQuery(
    (tenant) => exportsGetOptions({ path: { ...tenant, export_id: requested.id } }),
    { refetchInterval: ({ state }) => (state.data === undefined || isUnderWay(state.data) ? 700 : false) },
  )
  const found = query.data ?? requested
  return (
    <div className="space-y-4">
      <ExportProgress found={found} />
      {isUnderWay(found) && <p className="text-muted-foreground">{t('underWay')}</p>}
      {found.status === 'done' && <Notice tone="success">{t('ready')}</Notice>}
      <DialogFooter>
        <Button asChild>
          <Link to={path('/exports')}>{t('toList')}</Link>
        </Button>
        {found.status === 'done' ? (
          <Button asChild variant="primary">
            <a href={fileOf(found, id)} download={found.file_name}>
              <Download aria-hidden />
              {t('download')}
            </a>
          </Button>
        ) : (
          <Button onClick={onClose}>{t('common:actions.close')}</Button>
        )}
      </DialogFooter>
    </div>
  )
}
