import { RotateCcw } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type MessageOut, messagesChange, messagesList, messagesReset } from '@/api'
import { UnsavedGuard } from '@/components/form/unsaved-guard'
import { type VersionedText, useTextEdit } from '@/components/form/use-text-edit'
import { FormatBar } from '@/components/telegram-html/format-bar'
import { visibleLength } from '@/components/telegram-html/parse'
import { useMarks } from '@/components/telegram-html/use-marks'
import { AlertDialog } from '@/components/ui/alert-dialog'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardFooter, CardHeader } from '@/components/ui/card'
import { Textarea } from '@/components/ui/textarea'
import { cn } from '@/lib/cn'
import { useTenantAction } from '@/lib/requests'
import { useCan, useTenant } from '@/lib/tenancy'
import { useDebounced } from '@/lib/use-debounced'
import { useFormat } from '@/lib/use-format'
import { isChanged } from '../catalogue'
import { usePreview } from '../use-preview'
import { Preview } from './preview'

const LIMIT = 4096

interface MessageEditorProps {
  botId: string
  message: MessageOut
}

function textOf({ text, default: standard, version }: MessageOut): VersionedText {
  return { text: text ?? standard, version }
}

/** One text in one language: written on the left, seen as a subscriber sees it on the right. */
export function MessageEditor({ botId, message }: MessageEditorProps) {
  const { t, i18n } = useTranslation(['messages', 'markup', 'common'])
  const can = useCan()
  const format = useFormat()
  const { id } = useTenant()
  const path = { tenant_id: id, bot_id: botId }
  const place = { ...path, key: message.key, locale: message.locale }
  const { text, isDirty, isPending, offer, change, leave, save } = useTextEdit({
    stored: useMemo(() => textOf(message), [message]),
    send: async (body) => textOf((await messagesChange({ path: place, body })).data),
    newest: async () => {
      const { data } = await messagesList({ path })
      return textOf(
        data.find(({ key, locale }) => key === message.key && locale === message.locale) ?? message,
      )
    },
    done: t('saved'),
  })
  const [isResetting, setIsResetting] = useState(false)
  const area = useRef<HTMLTextAreaElement>(null)
  const { put, onKeyDown } = useMarks(area, text, change)
  const wordsOf = (name: string) =>
    i18n.exists(`messages:variables.${name}`) ? t(`variables.${name}` as 'variables.plan') : name
  const preview = usePreview(botId, message, useDebounced(text), can('messages-preview'))
  const reset = useTenantAction(() => messagesReset({ path: place }), {
    done: t('reset.done'),
    onDone: () => {
      leave()
      setIsResetting(false)
    },
  })
  const length = preview.data?.length ?? visibleLength(text)
  return (
    <Card>
      <CardHeader
        title={
          <span className="flex flex-wrap items-center gap-2">
            {t(`keys.${message.key}`)}
            {isChanged(message) && <Badge tone="info">{t('changed')}</Badge>}
          </span>
        }
        description={t(`when.${message.key}`)}
      />
      <CardBody className="grid gap-5 xl:grid-cols-2">
        <div className="min-w-0 space-y-2">
          {can('messages-change') && (
            <FormatBar
              put={put}
              variables={message.variables.map((name) => ({ name, words: wordsOf(name) }))}
            />
          )}
          <Textarea
            ref={area}
            aria-label={t('text')}
            aria-describedby="message-length"
            aria-invalid={preview.isError}
            readOnly={!can('messages-change')}
            value={text}
            maxLength={8192}
            spellCheck
            lang={message.locale}
            className="min-h-56"
            onKeyDown={onKeyDown}
            onChange={(event) => change(event.target.value)}
          />
          <p
            id="message-length"
            className={cn(
              'text-right text-xs text-muted-foreground tabular-nums',
              length > LIMIT && 'font-medium text-danger',
            )}
          >
            {t('markup:length', { used: format.number(length), limit: format.number(LIMIT) })}
          </p>
          {offer}
        </div>
        {can('messages-preview') && <Preview query={preview} limit={LIMIT} />}
      </CardBody>
      {can('messages-change') && (
        <CardFooter>
          {isChanged(message) && (
            <Button variant="ghost" className="mr-auto" onClick={() => setIsResetting(true)}>
              <RotateCcw aria-hidden />
              {t('reset.open')}
            </Button>
          )}
          {isDirty && offer === undefined && <Button onClick={leave}>{t('common:actions.cancel')}</Button>}
          <Button
            variant="primary"
            disabled={!isDirty || offer !== undefined}
            isPending={isPending}
            onClick={save}
          >
            {t('common:actions.save')}
          </Button>
        </CardFooter>
      )}
      <UnsavedGuard isDirty={isDirty} />
      <AlertDialog
        isOpen={isResetting}
        onOpenChange={setIsResetting}
        title={t('reset.title', { name: t(`keys.${message.key}`) })}
        description={t('reset.text')}
        confirmLabel={t('reset.submit')}
        isPending={reset.isPending}
        onConfirm={() => reset.mutate()}
      />
    </Card>
  )
}
