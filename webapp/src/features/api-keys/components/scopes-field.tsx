import { type Control, useController } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { type ScopeRow, readingScopes } from '../scopes'
import type { ApiKeyValues } from './api-key-form'

interface ScopesFieldProps {
  control: Control<ApiKeyValues>
  rows: readonly ScopeRow[]
}

/** Which nouns a key may read, and which it may change. */
export function ScopesField({ control, rows }: ScopesFieldProps) {
  const { t } = useTranslation('api')
  const { t: team } = useTranslation('team')
  const { field, fieldState } = useController({ control, name: 'scopes' })
  const chosen = field.value
  const toggle = (scope: string) =>
    field.onChange(chosen.includes(scope) ? chosen.filter((known) => known !== scope) : [...chosen, scope])
  const error = fieldState.error?.message
  return (
    <fieldset aria-describedby={error === undefined ? undefined : 'scopes-error'}>
      <legend className="mb-1.5 font-medium">{t('key.scopes')}</legend>
      <div className="mb-2 flex flex-wrap gap-2">
        <Button size="sm" onClick={() => field.onChange(readingScopes(rows))}>
          {t('key.readAll')}
        </Button>
        <Button size="sm" onClick={() => field.onChange([])}>
          {t('key.none')}
        </Button>
      </div>
      <ul className="divide-y rounded-md border">
        {rows.map(({ noun, kinds }) => {
          const name = team(`nouns.${noun}` as 'nouns.plans')
          return (
            <li key={noun} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-2">
              <span className="basis-full sm:min-w-40 sm:flex-1 sm:basis-auto">{name}</span>
              {kinds.map((kind) => {
                const id = `scope-${noun}-${kind}`
                return (
                  <label key={kind} htmlFor={id} className="flex items-center gap-2">
                    <Checkbox
                      id={id}
                      aria-label={`${name}: ${t(`key.kinds.${kind}`)}`}
                      checked={chosen.includes(`${noun}:${kind}`)}
                      onCheckedChange={() => toggle(`${noun}:${kind}`)}
                    />
                    <span aria-hidden>{t(`key.kinds.${kind}`)}</span>
                  </label>
                )
              })}
            </li>
          )
        })}
      </ul>
      {error !== undefined && (
        <p id="scopes-error" role="alert" className="mt-1.5 text-danger">
          {t('key.scopesNeeded')}
        </p>
      )}
    </fieldset>
  )
}
