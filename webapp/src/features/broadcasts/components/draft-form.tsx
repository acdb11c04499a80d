import { type ReactNode, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type BotOut, type BroadcastOut, broadcastsChange, broadcastsCreate, broadcastsGet } from '@/api'
import { Form, FormButtons } from '@/components/form/form'
import { useServerForm } from '@/components/form/use-server-form'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { useTenant } from '@/lib/tenancy'
import { type DraftValues, draftSchema, limitOf, toBody, valuesOf } from '../draft'
import { isByItself } from '../occasion'
import { useFieldWords } from '../use-field-words'
import { AboutFields } from './about-fields'
import { AudienceCount } from './audience-count'
import type { TargetChoices } from './button-fields'
import { ButtonsFields } from './buttons-fields'
import { FallbackFields } from './fallback-fields'
import { HoursFields } from './hours-fields'
import { MediumFields } from './medium-fields'
import { MessageField } from './message-field'
import { MessagePreview } from './message-preview'
import { OccasionFields } from './occasion-fields'

interface DraftFormProps extends TargetChoices {
  defaults: DraftValues
  /** Nothing for one that is not stored yet. */
  broadcastId: string | undefined
  bots: BotOut[]
  /** The filters of the list of subscribers, kept in a query of the API. */
  segment: (query: string, onChange: (query: string) => void) => ReactNode
  onDone: (stored: BroadcastOut) => void
  onCancel: () => void
}

/** Everything that is written of a broadcast, and beside it how the message looks. */
export function DraftForm(props: DraftFormProps) {
  const { defaults, broadcastId, bots, plans, codes, segment, onDone, onCancel } = props
  const { t } = useTranslation(['broadcasts', 'common'])
  const { id } = useTenant()
  const path = { tenant_id: id }
  // One key for one content: a press that is repeated, or repeats a request without an answer, makes no second draft.
  const intention = useRef({ content: '', key: '' })
  const create = (values: DraftValues) => {
    const content = JSON.stringify(values)
    if (intention.current.content !== content) intention.current = { content, key: crypto.randomUUID() }
    const body = { ...toBody(values), bot_id: values.bot_id, idempotence_key: intention.current.key }
    return broadcastsCreate({ path, body })
  }
  const { form, onSubmit, isPending, rootError } = useServerForm({
    schema: draftSchema,
    defaults,
    send: (values: DraftValues) =>
      broadcastId === undefined
        ? create(values)
        : broadcastsChange({ path: { ...path, broadcast_id: broadcastId }, body: toBody(values) }),
    newest:
      broadcastId === undefined
        ? undefined
        : async () => valuesOf((await broadcastsGet({ path: { ...path, broadcast_id: broadcastId } })).data),
    done: t('form.done'),
    onDone,
    draftKey: `${id}.broadcast.${broadcastId ?? 'new'}`,
    serverNames: { repeats: 'occasion', trigger: 'occasion', delay_minutes: 'delay' },
    wordsOf: useFieldWords(),
  })
  const { control } = form
  const typed = form.watch()
  const ofBot = <Row extends { bot_id: string }>(rows: Row[]) =>
    rows.filter(({ bot_id }) => bot_id === typed.bot_id)
  return (
    <Form
      className="grid grid-cols-1 gap-5 space-y-0 lg:grid-cols-[minmax(0,1fr)_22rem] lg:*:col-start-1"
      onSubmit={onSubmit}
      rootError={rootError}
      isDirty={form.formState.isDirty && !isPending}
    >
      <Card>
        <CardBody className="space-y-5">
          <AboutFields control={control} bots={broadcastId === undefined ? bots : []} />
        </CardBody>
      </Card>
      <Card aria-label={t('form.message')}>
        <CardHeader title={t('form.message')} />
        <CardBody className="space-y-5">
          <MessageField control={control} limit={limitOf(typed)} />
          <FallbackFields control={control} text={typed.text} />
          <MediumFields
            control={control}
            kind={typed.medium_kind}
            botId={typed.bot_id}
            bot={bots.find(({ id: botId }) => botId === typed.bot_id)}
          />
          <ButtonsFields control={control} plans={ofBot(plans)} codes={ofBot(codes)} />
        </CardBody>
      </Card>
      {/* On a phone below the message; where there is room, beside everything that is written. */}
      <div className="lg:col-start-2! lg:row-span-4 lg:row-start-1">
        <MessagePreview values={typed} />
      </div>
      <Card aria-label={t('audience.title')}>
        <CardHeader
          title={t('audience.title')}
          description={t(isByItself(typed) ? 'audience.byItself' : 'audience.text')}
        />
        <CardBody className="space-y-4">
          {segment(typed.query, (query) => form.setValue('query', query, { shouldDirty: true }))}
          {!isByItself(typed) && (
            <AudienceCount botId={typed.bot_id} category={typed.category} query={typed.query} />
          )}
          <OccasionFields control={control} occasion={typed.occasion} />
          <HoursFields control={control} occasion={typed.occasion} />
        </CardBody>
      </Card>
      <FormButtons>
        <Button onClick={onCancel}>{t('common:actions.cancel')}</Button>
        {/* No submit of the form's own: Enter in the search for people is no wish to save. */}
        <Button variant="primary" isPending={isPending} onClick={() => void onSubmit()}>
          {t('form.submit')}
        </Button>
      </FormButtons>
    </Form>
  )
}
