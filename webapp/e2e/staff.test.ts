/** The platform's staff: a console behind a second factor, projects suspended and resumed, looked at, put back to work. */
import { expect, inject, test } from 'vitest'
import { faults } from './axe'
import { type Look, type Visit, openPage, settled, toast, useBrowser, visit } from './browser'
import { apiOf, becomeStaff, signUp, startSelling, totp } from './people'
import { Phone, telegram } from './sandbox'
import { operate } from './stage'

const DESKTOP: Look = { size: 'desktop', language: 'ru', theme: 'light' }
const PHONE: Look = { size: 'phone', language: 'en', theme: 'dark' }
const REASON = 'Обращение номер 4217: проверяем оплату'

useBrowser()

test('the console opens to whoever was made staff and has shown a second factor, and to nobody else', async () => {
  const seen = await visit(PHONE)
  const { page, say, press } = seen
  const { email } = await signUp(seen, 'Olga')
  await openPage(page, '/staff')
  await page.getByRole('heading', { name: say('states.notFoundTitle') }).waitFor()
  await operate(inject('stage'), 'staff', 'add', email)
  await openPage(page, '/staff')
  await page.getByRole('heading', { name: say('staff:factor.title') }).waitFor()
  await page.getByRole('link', { name: say('staff:factor.turnOn') }).click()
  await press(say('account:factor.turnOn'))
  const dialog = page.getByRole('dialog', { name: say('account:factor.enrol') })
  const secret = (await dialog.locator('p.font-mono').textContent()) ?? ''
  await dialog.getByLabel(say('account:factor.code')).fill(totp(secret))
  expect(await faults(page)).toEqual([])
  await dialog.getByRole('button', { name: say('account:factor.turnOn') }).click()
  await press(say('account:codes.done'))
  await openPage(page, '/staff')
  await page.getByRole('heading', { level: 1, name: say('staff:tenants.title') }).waitFor()
  expect(seen.complaints).toEqual([])
})

test.each([
  { owner: PHONE, staff: DESKTOP },
  { owner: DESKTOP, staff: PHONE },
])(
  'a suspended project says why and refuses changes until it is resumed: $staff.size, $staff.language',
  async (looks) => {
    const { owner, staff, name, id } = await meet(looks)
    const rename = async (to: string) => {
      await owner.page.getByLabel(owner.say('settings:general.name'), { exact: true }).fill(to)
      await owner.page
        .getByRole('region', { name: owner.say('settings:general.title') })
        .getByRole('button', { name: owner.say('actions.save') })
        .click()
    }
    await staff.press(staff.say('staff:suspend.open'))
    const dialog = staff.page.getByRole('dialog')
    await dialog.getByLabel(staff.say('staff:suspend.reason')).fill(REASON)
    expect(await faults(staff.page)).toEqual([])
    await dialog.getByRole('button', { name: staff.say('staff:suspend.open') }).click()
    await staff.page.getByRole('main').getByText(staff.say('staff:tenant.suspended')).waitFor()

    // The owner has the page open all the time.
    const banner = owner.page.getByText(owner.say('banners.suspendedTitle'), { exact: true })
    await banner.waitFor()
    await owner.page.getByText(REASON).waitFor()
    // What the server would refuse is not offered; asked without the page, it refuses.
    await owner.page
      .getByRole('button', { name: owner.say('actions.save') })
      .first()
      .waitFor({ state: 'detached' })
    expect(
      await owner.page.getByLabel(owner.say('settings:general.name'), { exact: true }).isEditable(),
    ).toBe(false)
    await expect(apiOf(owner).ask('PUT', `/tenants/${id}`, { name: `${name} 2` })).rejects.toThrow(
      'tenant_suspended',
    )
    expect(await faults(owner.page)).toEqual([])

    await staff.press(staff.say('staff:resume.open'))
    await staff.page
      .getByRole('alertdialog')
      .getByRole('button', { name: staff.say('staff:resume.open') })
      .click()
    await staff.page
      .getByRole('main')
      .getByText(staff.say('staff:tenant.suspended'))
      .waitFor({ state: 'detached' })
    await banner.waitFor({ state: 'detached' })
    await rename(`${name} 3`)
    await toast(owner, 'settings:general.done').waitFor()
    expect([...owner.complaints, ...staff.complaints]).toEqual([])
  },
)

test.each([
  { owner: PHONE, staff: DESKTOP },
  { owner: DESKTOP, staff: PHONE },
])('staff looks at a project, reading only, and the owner sees who and why: $staff.size', async (looks) => {
  const { owner, staff, id } = await meet(looks)
  await staff.press(staff.say('staff:look.open'))
  const dialog = staff.page.getByRole('dialog')
  await dialog.getByLabel(staff.say('staff:look.reason')).fill(REASON)
  await dialog.getByRole('button', { name: staff.say('staff:look.open') }).click()
  await staff.page.getByText(staff.say('banners.watchingTitle')).waitFor()
  await staff.page.waitForURL(`**/t/${id}`)

  await owner.page.getByText(owner.say('banners.watchedTitle', { name: 'Ольга из поддержки' })).waitFor()
  await owner.page.getByText(REASON).waitFor()
  expect(await faults(owner.page)).toEqual([])

  await openPage(staff.page, `/t/${id}/settings/general`)
  await staff.page.getByLabel(staff.say('settings:general.name'), { exact: true }).fill('Чужое имя')
  await staff.page
    .getByRole('region', { name: staff.say('settings:general.title') })
    .getByRole('button', { name: staff.say('actions.save') })
    .click()
  await staff.page.getByRole('alert').getByText(staff.say('errors:codes.impersonation_read_only')).waitFor()
  expect(await faults(staff.page)).toEqual([])

  await openPage(staff.page, '/staff/views')
  await staff.page.getByText(REASON).first().waitFor()
  expect(await faults(staff.page)).toEqual([])
  await openPage(staff.page, `/t/${id}`)
  await staff.press(staff.say('banners.end'))
  await staff.page.waitForURL(`**/staff/tenants/${id}`)
  await owner.page.getByText(REASON).waitFor({ state: 'detached' })
  await openPage(owner.page, `/t/${id}/settings/audit?tab=views`)
  await owner.page.getByText(REASON).waitFor()
  expect([...owner.complaints, ...staff.complaints]).toEqual([])
})

test('an update that no try could handle is set aside, and replayed once its cause is gone', async () => {
  const staff = await visit(DESKTOP)
  await becomeStaff(staff)
  const name = `Клуб ${String(Date.now())}`
  const { id, bot } = await startSelling(staff, { name, plan: 'Месяц' })
  const buyer = await Phone.of('Борис', bot)
  const fault = await telegram<{ id: number }>('POST', '/faults', {
    match: { method: 'sendMessage', bot: String(bot.id) },
    effect: { kind: 'status', status: 400, description: 'Bad Request: message is too long' },
  })
  await buyer.write('/start')

  const { page, say } = staff
  await openPage(page, `/staff/tenants/${id}`)
  await openPage(page, `/staff/set-aside?tenant=${id}`)
  const row = page.getByRole('row', { name: `@${bot.username}` })
  await expect
    .poll(
      async () => {
        await page.reload()
        await settled(page)
        return row.count()
      },
      { timeout: 40_000, interval: 1000 },
    )
    .toBe(1)
  await row.getByText('TelegramRejectedError').waitFor()
  expect(await faults(page)).toEqual([])

  await telegram('DELETE', `/faults/${String(fault.id)}`)
  await row.getByRole('button', { name: say('staff:setAside.replay') }).click()
  await toast(staff, 'staff:setAside.replayed').waitFor()
  await buyer.read('Борис')
  await page.reload()
  await page.getByText(say('staff:setAside.empty')).waitFor()
  expect(staff.complaints).toEqual([])
})

/** An owner at the settings of a new project, and somebody of staff who found it in the console. */
async function meet(looks: { owner: Look; staff: Look }): Promise<{
  owner: Visit
  staff: Visit
  id: string
  name: string
}> {
  const owner = await visit(looks.owner)
  const staff = await visit(looks.staff)
  await Promise.all([signUp(owner, 'Мария'), becomeStaff(staff)])
  const name = `Клуб ${String(Date.now())}`
  const { id } = await apiOf(owner).ask<{ id: string }>('POST', '/tenants', { name })
  await openPage(owner.page, `/t/${id}/settings/general`)
  await openPage(staff.page, '/staff/tenants')
  await staff.page.getByRole('searchbox').fill(name)
  await staff.page.getByRole('link', { name }).click()
  await staff.page.getByRole('heading', { level: 1, name }).waitFor()
  return { owner, staff, id, name }
}
