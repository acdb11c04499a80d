/** An owner with a phone works through lists: who paid and is not inside, extensions, an import, differences, a braked sweep. */
import type { Locator } from 'playwright-core'
import { expect, inject, test } from 'vitest'
import { faults, overflow } from './axe'
import { type Look, type Visit, openPage, toast, useBrowser, visit } from './browser'
import { type SellingTenant, signUp, startSelling } from './people'
import { Phone } from './sandbox'
import { play } from './stage'

const PHONE: Look = { size: 'phone', language: 'en', theme: 'dark' }
/** As many as `tests/e2e/troubles.py` makes. */
const BRAKED = '22'
const FILE = 'Client,Account,Full name,Paid\n987001,,Olga Petrova,01/31/2031\n,anna_k,Anna,\n,,Nobody,\n'

const COLUMNS = { Account: 'username', Paid: 'ends_at' }

useBrowser()

test('a link sent again, days for one list and for all, an import, a difference, a braked sweep', async () => {
  const seen = await visit(PHONE)
  await signUp(seen, 'Мария')
  const club = await startSelling(seen, { name: 'Клуб Марии', plan: 'Месяц' })
  const [vera, gleb] = [await Phone.of('Вера', club.bot), await Phone.of('Глеб', club.bot)]
  const [link] = await Promise.all([
    vera.buy('Месяц'),
    gleb.buy('Месяц'),
    play(inject('stage'), 'tests.e2e.troubles', club.id),
  ])
  await vera.join(link)
  await sendLinkAgain(seen, club, gleb)
  await extend(seen, club)
  await bringIn(seen, club)
  await reconcile(seen, club)
  await removeTheRest(seen, club)
  expect(seen.complaints).toEqual([])
}, 150_000)

async function sendLinkAgain(seen: Visit, { id }: SellingTenant, gleb: Phone): Promise<void> {
  const { page, say } = seen
  await openPage(page, `/t/${id}/payments/undelivered`)
  const line = page.getByRole('listitem').filter({ hasText: 'Глеб' })
  await line.getByText(say('payments:undelivered.reasons.link_not_opened.title')).waitFor()
  await check(seen)
  await line.getByRole('button', { name: say('payments:undelivered.resend') }).click()
  await toast(seen, 'payments:undelivered.resent').waitFor()
  await gleb.join(await gleb.entryLink('Вход по тарифу'))
  await page.getByText(say('payments:undelivered.empty.title')).waitFor()
}

/** Everybody first, then those whom a search shows. */
async function extend(seen: Visit, { id }: SellingTenant): Promise<void> {
  const { page, say, press } = seen
  const give = async (how: string, usual: Locator, count: string, form: string) => {
    await press(say('extensions:open'))
    const dialog = page.getByRole('dialog', { name: say('extensions:title') })
    await dialog.getByText(say(`extensions:${how}`)).waitFor()
    await usual.click()
    await check(seen)
    await dialog.getByRole('button', { name: say(`extensions:submit_${form}`, { count }) }).click()
    await dialog.getByText(say(`extensions:done_${form}`, { count })).waitFor()
    await dialog
      .getByRole('button', { name: say('actions.close') })
      .last()
      .click()
  }
  const days = (count: string) =>
    page.getByRole('button', { name: say('extensions:days_other', { count }), exact: true })
  await openPage(page, `/t/${id}/subscribers`)
  await give('all', days('3'), '2', 'other')
  await page.getByRole('searchbox').fill('Вера')
  await page.getByRole('link', { name: 'Глеб' }).waitFor({ state: 'detached' })
  await give('filtered', days('14'), '1', 'one')
  await page.getByRole('link', { name: 'Вера' }).click()
  await page.getByText(say('timeline:what.audit.subscription.extended')).nth(1).waitFor()
}

async function bringIn(seen: Visit, { id }: SellingTenant): Promise<void> {
  const { page, say, press } = seen
  await openPage(page, `/t/${id}/subscribers/import`)
  await page
    .getByLabel(say('imports:form.file'), { exact: true })
    .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(FILE) })
  await page.getByText('people.csv').waitFor()
  await check(seen)
  await press(say('imports:form.submit'))
  await page.getByRole('heading', { name: say('imports:mapping.title') }).waitFor()
  await check(seen)
  await press(say('imports:mapping.submit'))
  await page.getByText(say('imports:mapping.nobody')).waitFor()
  // Without a mouse.
  await page.getByRole('switch', { name: say('imports:mapping.headings') }).focus()
  await page.keyboard.press('Tab')
  await page.keyboard.type('Telegram')
  expect(await page.getByLabel('Client', { exact: true }).inputValue()).toBe('telegram_id')
  for (const [heading, field] of Object.entries(COLUMNS))
    await page
      .getByLabel(heading, { exact: true })
      .selectOption({ label: say(`imports:mapping.fields.${field}`) })
  await page
    .getByLabel(say('imports:mapping.order'))
    .selectOption({ label: say('imports:mapping.orders.month_first') })
  await check(seen)
  await press(say('imports:mapping.submit'))
  await page.getByText(say('imports:summary.checked')).waitFor()
  await page.getByText(say('imports:problems.nobody')).waitFor()
  await check(seen)
  await press(say('imports:summary.start'))
  await page.getByRole('alertdialog').waitFor()
  await check(seen)
  await press(say('imports:question.submit'))
  await page.getByText(say('imports:summary.done')).waitFor()
  await page.getByRole('button', { name: say('imports:rows.copy', { person: 'Anna' }) }).waitFor()
  await openPage(page, `/t/${id}/subscribers`)
  await page.getByRole('link', { name: 'Olga Petrova' }).waitFor()
}

async function reconcile(seen: Visit, { id }: SellingTenant): Promise<void> {
  const { page, say, press } = seen
  await openPage(page, `/t/${id}/payments/reconciliation`)
  await page.getByText(say('reconciliations:kinds.unknown_payment.title')).waitFor()
  await check(seen)
  await press(say('reconciliations:start.submit'))
  await toast(seen, 'reconciliations:start.done').waitFor()
  await page.getByText(say('reconciliations:status.done'), { exact: true }).waitFor()
  await press(say('reconciliations:dismiss.submit'))
  await page.getByText(say('reconciliations:empty.open.title')).waitFor()
}

async function removeTheRest(seen: Visit, { id }: SellingTenant): Promise<void> {
  const { page, say, press } = seen
  await openPage(page, `/t/${id}/channels`)
  const title = page.getByText(say('channels:brake.title_other', { count: BRAKED }))
  await title.waitFor()
  await press(say('channels:brake.confirm'))
  const dialog = page.getByRole('alertdialog', {
    name: say('channels:brake.confirmTitle_other', { count: BRAKED }),
  })
  await check(seen)
  await dialog.getByRole('button', { name: say('channels:brake.confirm') }).click()
  await toast(seen, 'channels:brake.confirmed').waitFor()
  await title.waitFor({ state: 'detached' })
}

async function check({ page }: Visit): Promise<void> {
  expect(await faults(page)).toEqual([])
  expect(await overflow(page)).toBe(0)
}
