import { Command } from 'cmdk'
import { Languages, Moon, Plus } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router-dom'
import { LANGUAGES, currentLanguage } from '@/i18n'
import { useTenantPath } from '@/lib/tenancy'
import { setTheme } from '@/lib/theme'
import { useChooseLanguage } from '@/lib/use-choose-language'
import { CreateActions } from './create-actions'
import { Found } from './found'
import { showOverlay } from './overlays'
import { Group, Item } from './palette-parts'
import { useSections } from './use-sections'

export interface PaletteProps {
  typed: string
  onTyped: (text: string) => void
  /** Puts the focus back where it was. */
  onClosed: () => void
}

const close = () => showOverlay(undefined)

/** At once and behind the text: the dialog would do it a moment later, and select what was typed before it was there. */
function takeFocus(field: HTMLInputElement | null) {
  field?.focus()
  field?.setSelectionRange(field.value.length, field.value.length)
}

/** Each word has to stand in it: single letters found in order, in a long line, are no match. */
function matches(value: string, typed: string, keywords: string[] = []): number {
  const line = [value, ...keywords].join(' ').toLowerCase()
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => line.includes(word))
    ? 1
    : 0
}

export default function Palette({ typed, onTyped, onClosed }: PaletteProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [chosen, setChosen] = useState('')
  const [first, setFirst] = useState('')
  const path = useTenantPath()
  const sections = useSections()
  const chooseLanguage = useChooseLanguage()
  const run = (act: () => void) => () => {
    close()
    act()
  }
  const toggleTheme = () => setTheme(document.documentElement.classList.contains('dark') ? 'light' : 'dark')
  const toggleLanguage = () => chooseLanguage(LANGUAGES.find((known) => known !== currentLanguage()) ?? 'ru')
  return (
    <Dialog.Root open onOpenChange={close}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-in bg-black/45 fade-in-0" />
        <Dialog.Content
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            onClosed()
          }}
          className="fixed inset-x-4 top-[12dvh] z-50 mx-auto max-w-xl animate-in overflow-hidden rounded-lg border bg-card shadow-float fade-in-0 outline-none zoom-in-98"
        >
          <Dialog.Title className="sr-only">{t('palette.title')}</Dialog.Title>
          <Command
            label={t('palette.title')}
            loop
            filter={matches}
            value={chosen || first}
            onValueChange={setChosen}
          >
            <Command.Input
              ref={takeFocus}
              value={typed}
              onValueChange={onTyped}
              placeholder={t('palette.placeholder')}
              className="w-full border-b bg-transparent px-4 py-3.5 text-base outline-none placeholder:text-muted-foreground"
            />
            <Command.List className="max-h-[50dvh] overflow-y-auto p-1.5">
              <Found text={typed} onFound={setFirst} onChosen={(to) => run(() => navigate(path(to)))()} />
              <Group heading={t('palette.pages')}>
                {sections.map(({ path: to, name, icon: Icon }) => (
                  <Item key={to} onSelect={run(() => navigate(path(to)))}>
                    <Icon aria-hidden />
                    {t(`nav.${name}`)}
                  </Item>
                ))}
              </Group>
              <Group heading={t('palette.actions')}>
                <CreateActions onChosen={(to) => run(() => navigate(path(to)))()} />
                <Item onSelect={run(() => navigate('/tenants/new'))}>
                  <Plus aria-hidden />
                  {t('nav.newTenant')}
                </Item>
                <Item onSelect={run(toggleTheme)}>
                  <Moon aria-hidden />
                  {t('palette.toggleTheme')}
                </Item>
                <Item onSelect={run(toggleLanguage)}>
                  <Languages aria-hidden />
                  {t('palette.toggleLanguage')}
                </Item>
              </Group>
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
