import { FileUp } from 'lucide-react'
import { useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BotOut, MediumKind } from '@/api'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { Progress } from '@/components/ui/progress'
import { toProblem } from '@/lib/problem'
import { FILES, problemOf, useUpload } from '../use-upload'
import { TestProblem } from './test-problem'

interface UploadFieldProps {
  botId: string
  bot: BotOut | undefined
  kind: MediumKind
  onDone: (medium: string) => void
}

/** A file of one's own: it goes to one's chat with the bot, and Telegram's id of it into the message. */
export function UploadField({ botId, bot, kind, onDone }: UploadFieldProps) {
  const { t } = useTranslation('broadcasts')
  const input = useRef<HTMLInputElement>(null)
  const [labelId, hintId] = [useId(), useId()]
  const [unfit, setUnfit] = useState<'empty' | 'too_large'>()
  const upload = useUpload(botId, kind, onDone)
  const choose = (file: File | undefined) => {
    if (file === undefined) return
    const problem = problemOf(file, kind)
    setUnfit(problem)
    upload.reset()
    if (problem === undefined) upload.mutate(file)
  }
  const { megabytes, accept } = FILES[kind]
  return (
    <div role="group" aria-labelledby={labelId} className="space-y-2">
      <p id={labelId} className="mb-1.5 font-medium">
        {t('upload.title')}
      </p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button disabled={upload.isPending} aria-describedby={hintId} onClick={() => input.current?.click()}>
          <FileUp aria-hidden />
          {t('upload.choose')}
        </Button>
        {upload.isPending && (
          <Button variant="ghost" onClick={upload.cancel}>
            {t('upload.cancel')}
          </Button>
        )}
        <input
          ref={input}
          type="file"
          hidden
          aria-label={t('upload.choose')}
          accept={accept}
          onChange={({ target }) => {
            choose(target.files?.[0])
            // The same file can be chosen again.
            target.value = ''
          }}
        />
      </div>
      {upload.isPending && (
        <div role="status" className="space-y-1">
          <p className="text-muted-foreground tabular-nums">
            {upload.percent < 100
              ? t('upload.sending', { name: upload.variables.name, percent: upload.percent })
              : t('upload.taking')}
          </p>
          <Progress label={t('upload.progress')} value={upload.percent} />
        </div>
      )}
      {upload.isSuccess && (
        <Notice tone="success">{t('upload.done', { name: upload.variables.name })}</Notice>
      )}
      {unfit !== undefined && (
        <Notice tone="danger" isUrgent>
          {t(`upload.problems.${unfit}`, { megabytes })}
        </Notice>
      )}
      {upload.isError && <UploadProblem error={upload.error} bot={bot} megabytes={megabytes} />}
      <p id={hintId} className="text-muted-foreground">
        {t(`upload.hints.${kind}`, { megabytes })} {t('upload.note')}
      </p>
    </div>
  )
}

interface UploadProblemProps {
  error: unknown
  bot: BotOut | undefined
  megabytes: number
}

const PROBLEMS = ['empty', 'too_large', 'not_a_photo', 'not_a_video', 'not_a_document'] as const

function UploadProblem({ error, bot, megabytes }: UploadProblemProps) {
  const { t } = useTranslation('broadcasts')
  const { code, fields } = toProblem(error)
  if (code === 'cancelled') return null
  const why = code === 'too_large' ? code : PROBLEMS.find((one) => one === fields.file)
  if (why === undefined) return <TestProblem error={error} bot={bot} isUpload />
  return (
    <Notice tone="danger" isUrgent>
      {t(`upload.problems.${why}`, { megabytes })}
    </Notice>
  )
}
