import { Columns3, Download, Play } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { type ImportOut, importsStart, importsStop } from '@/api'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardFooter } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import { Progress } from '@/components/ui/progress'
import { useTenantAction } from '@/lib/requests'
import { useCan, useTenant, useTenantPath } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'
import { OUTCOMES, hasWork, reportOf } from '../outcomes'
import { findUpload } from '../upload'
import { HeldNotice } from './held-notice'
import { ImportTerms } from './import-terms'
import { ReadColumns } from './read-columns'
import { StartQuestion } from './start-question'

/** What would happen, what happens, or what has happened; and the buttons that lead from one to the next. */
export function ImportSummary({ found }: { found: ImportOut }) {
  const { t } = useTranslation('imports')
  const format = useFormat()
  return (
    <Card>
      <CardBody className="space-y-4 pt-4">
        {found.status === 'checked' && <Notice tone="info">{t('summary.checked')}</Notice>}
        {found.status === 'running' && (
          <>
            <p role="status" className="tabular-nums">
              {t('summary.running', { done: format.number(found.done), total: format.number(found.lines) })}
            </p>
            <Progress label={t('title')} value={found.done} max={found.lines} />
          </>
        )}
        {found.status === 'done' && <Notice tone="success">{t('summary.done')}</Notice>}
        {found.status === 'stopped' && <Notice tone="warning">{t('summary.stopped')}</Notice>}
        <ImportTerms found={found} />
        <HeldNotice found={found} />
        <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-4">
          {OUTCOMES.filter((name) => found.outcomes[name] > 0).map((name) => (
            <div key={name}>
              <dt className="text-muted-foreground">{t(`outcomes.${name}`)}</dt>
              <dd className="text-xl font-medium tabular-nums">{format.number(found.outcomes[name])}</dd>
            </div>
          ))}
        </dl>
        <ReadColumns found={found} />
        {found.outcomes.claim > 0 && found.status !== 'checked' && (
          <p className="text-muted-foreground">{t('summary.links')}</p>
        )}
      </CardBody>
      <Buttons found={found} />
    </Card>
  )
}

function Buttons({ found }: { found: ImportOut }) {
  const { t } = useTranslation('imports')
  const { id } = useTenant()
  const can = useCan()
  const path = useTenantPath()
  const [isAsking, setIsAsking] = useState(false)
  const start = useTenantAction((path) => importsStart({ path: { ...path, import_id: found.id } }))
  const stop = useTenantAction((path) => importsStop({ path: { ...path, import_id: found.id } }))
  const isOpen = found.status === 'checked' || found.status === 'running'
  return (
    <CardFooter>
      {can('imports-get_report') && (
        <Button asChild>
          <a href={reportOf(found, id)} download>
            <Download aria-hidden />
            {t('summary.report')}
          </a>
        </Button>
      )}
      {found.status === 'checked' && findUpload(found.id) && (
        <Button asChild>
          <Link to={path('/subscribers/import')} state={{ again: found.id }}>
            <Columns3 aria-hidden />
            {t('mapping.again')}
          </Link>
        </Button>
      )}
      {isOpen && can('imports-stop') && (
        <Button isPending={stop.isPending} onClick={() => stop.mutate()}>
          {t(found.status === 'checked' ? 'summary.discard' : 'summary.stop')}
        </Button>
      )}
      {found.status === 'checked' && can('imports-start') && (
        <Button variant="primary" disabled={!hasWork(found)} onClick={() => setIsAsking(true)}>
          <Play aria-hidden />
          {t('summary.start')}
        </Button>
      )}
      <StartQuestion found={found} isOpen={isAsking} onOpenChange={setIsAsking} />
      {found.can_go_on && can('imports-start') && (
        <Button variant="primary" isPending={start.isPending} onClick={() => start.mutate()}>
          <Play aria-hidden />
          {t('held.start')}
        </Button>
      )}
    </CardFooter>
  )
}
