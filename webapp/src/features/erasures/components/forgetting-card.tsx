import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router-dom'
import { erasuresSetRule, type ForgettingRuleIn, type ForgettingRuleOut } from '@/api'
import { erasuresCountGoneOptions, erasuresGetRuleOptions } from '@/api/@tanstack/react-query.gen'
import { Field } from '@/components/form/field'
import { UnsavedGuard } from '@/components/form/unsaved-guard'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Loaded } from '@/components/ui/loaded'
import { Select } from '@/components/ui/select'
import { Skeleton } from '@/components/ui/skeleton'
import { useTenantAction, useTenantQuery } from '@/lib/requests'
import { useCan, useTenantPath } from '@/lib/tenancy'
import { useFormat } from '@/lib/use-format'
import { ForgettingState } from './forgetting-state'

type Months = NonNullable<ForgettingRuleIn['months']>

/** How long somebody has to be gone; the first of the choices is never. */
const CHOICES: readonly (Months | null)[] = [null, 6, 12, 24, 36]
const keyOf = (months: number | null) => String(months ?? 'never') as 'never' | '6' | '12' | '24' | '36'

/** The rule that forgets people who are long gone: what it does, whom it would reach, and its switch. */
export function ForgettingCard() {
  const { t } = useTranslation('erasures')
  const can = useCan()
  const path = useTenantPath()
  const rule = useTenantQuery((tenant) => erasuresGetRuleOptions({ path: tenant }))
  return (
    <Card aria-label={t('rule.title')}>
      <CardHeader title={t('rule.title')} description={t('rule.text')} />
      <CardBody className="space-y-4">
        <ul className="list-disc space-y-1 pl-5 text-muted-foreground">
          <li>{t('rule.who')}</li>
          <li>{t('rule.goes')}</li>
          <li>{t('rule.stays')}</li>
        </ul>
        <Loaded query={rule} skeleton={<Skeleton className="h-24" />}>
          {(stored) => (
            <>
              <ForgettingState rule={stored} />
              {/* What was stored elsewhere meanwhile begins the form anew. */}
              {can('erasures-set_rule') && <RuleForm key={keyOf(stored.months)} stored={stored} />}
            </>
          )}
        </Loaded>
        {can('erasures-list') && (
          <Link
            to={path('/subscribers/erasures?asked=system')}
            className="inline-block text-info hover:underline"
          >
            {t('rule.list')}
          </Link>
        )}
      </CardBody>
    </Card>
  )
}

function RuleForm({ stored }: { stored: ForgettingRuleOut }) {
  const { t } = useTranslation('erasures')
  const [chosen, setChosen] = useState(CHOICES.find((months) => months === stored.months) ?? null)
  const isChanged = chosen !== stored.months
  const save = useTenantAction((path) => erasuresSetRule({ path, body: { months: chosen } }), {
    done: t(chosen === null ? 'rule.doneOff' : 'rule.doneOn'),
  })
  return (
    <form
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <UnsavedGuard isDirty={isChanged && !save.isPending} />
      <Field label={t('rule.label')} className="max-w-xs">
        {(aria) => (
          <Select
            {...aria}
            value={keyOf(chosen)}
            onChange={({ target }) =>
              setChosen(CHOICES.find((months) => keyOf(months) === target.value) ?? null)
            }
            choices={CHOICES.map((months) => ({
              value: keyOf(months),
              label: t(`rule.months.${keyOf(months)}`),
            }))}
          />
        )}
      </Field>
      {/* Read out when it changes. */}
      <p role="status" className="min-h-5 text-muted-foreground">
        {chosen !== null && <GoneCount months={chosen} />}
      </p>
      {isChanged && (
        <Button type="submit" variant={chosen === null ? 'outline' : 'primary'} isPending={save.isPending}>
          {t(chosen === null ? 'rule.switchOff' : stored.months === null ? 'rule.switchOn' : 'rule.change')}
        </Button>
      )}
    </form>
  )
}

function GoneCount({ months }: { months: Months }) {
  const { t } = useTranslation('erasures')
  const format = useFormat()
  const gone = useTenantQuery((path) => erasuresCountGoneOptions({ path, query: { months } }))
  if (gone.isError) return t('rule.countFailed')
  // The figure of the choice before would be a wrong one here.
  if (gone.data === undefined || gone.isPlaceholderData) return t('rule.counting')
  const { people, is_exact } = gone.data
  const shown = format.number(people)
  if (!is_exact) return t('rule.countMany', { shown })
  return people === 0 ? t('rule.countNone') : t('rule.count', { count: people, shown })
}
