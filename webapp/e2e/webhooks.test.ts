/** An owner tries a webhook out, and sees in the log what was sent and why nobody took it. */
import { expect, inject, test } from 'vitest'
import { faults } from './axe'
import { LOOKS, logIn, openPage, useBrowser, visit } from './browser'
import { apiOf } from './people'

/** A name that leads nowhere, by RFC 2606. */
const URL = 'https://hooks.club.invalid/lumenpay'

useBrowser()

test.each(LOOKS)('a delivery with its tries, $size $language $theme', async (look) => {
  const seen = await visit(look)
  const { page, say, complaints } = seen
  const { tenantId } = inject('stage')
  await logIn(seen)
  const api = apiOf(seen)
  const { webhook } = await api.ask<{ webhook: { id: string } }>('POST', `/tenants/${tenantId}/webhooks`, {
    url: URL, event_types: ['refund.succeeded'],
  }) // prettier-ignore
  await api.ask('POST', `/tenants/${tenantId}/webhooks/${webhook.id}/test`)
  await openPage(page, `/t/${tenantId}/settings/api`)
  const open = page.getByRole('button', { name: say('api:deliveries.open', { event: 'webhook.test' }) })
  await open.first().click()
  const sheet = page.getByRole('dialog', { name: 'webhook.test' })
  await sheet.getByText(say('api:failures.name_unknown')).first().waitFor()
  await sheet.getByText(webhook.id).waitFor()
  await sheet.getByText('webhook-timestamp:').waitFor()
  expect(await faults(page)).toEqual([])
  await page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'hidden' })
  // Where it was opened, so that a keyboard goes on from there.
  await expect.poll(() => open.first().evaluate((button) => button === document.activeElement)).toBe(true)
  await api.ask('DELETE', `/tenants/${tenantId}/webhooks/${webhook.id}`)
  expect(complaints).toEqual([])
})
