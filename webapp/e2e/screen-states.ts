/** Looks of the portal that an address alone does not show: what has to be done on a page first. */
import type { Visit } from './browser'

interface ScreenState {
  name: string
  pattern: string
  what: string
  act?: (seen: Visit) => Promise<void>
}

export const STATES: readonly ScreenState[] = [
  {
    name: 'plans-one-leaving',
    pattern: '/t/:tenantId/plans/:planId',
    what: 'pauses and offers to stay',
    act: ({ page, say }) =>
      page.getByText(say('plans:leaving.title'), { exact: true }).evaluate((title) => title.scrollIntoView()),
  },
  {
    name: 'subscribers-paused',
    pattern: '/t/:tenantId/subscribers/:pausedId',
    what: 'somebody whose subscription is paused',
  },
  {
    name: 'subscribers-extend-all',
    pattern: '/t/:tenantId/subscribers',
    what: 'days for a list',
    act: async ({ page, press, say }) => {
      await press(say('extensions:open'))
      await page.getByRole('dialog').getByLabel(say('extensions:howMany')).waitFor()
    },
  },
  {
    name: 'payments-failed-receipts',
    pattern: '/t/:tenantId/payments?receipt=failed',
    what: 'receipts that were not registered',
  },
  {
    name: 'payments-refunded',
    pattern: '/t/:tenantId/payments/:refundedId',
    what: 'a refund',
  },
  {
    name: 'payments-refund',
    pattern: '/t/:tenantId/payments/:paymentId',
    what: 'money given back',
    act: async ({ page, press, say }) => {
      await press(say('refunds:form.open'))
      await page.getByRole('dialog').getByLabel(say('refunds:form.amount')).waitFor()
    },
  },
  {
    name: 'plans-one-changes',
    pattern: '/t/:tenantId/plans/:planId',
    what: 'between which plans subscribers can change',
    act: ({ page, say }) =>
      page
        .getByText(say('plans:fields.changes'), { exact: true })
        .evaluate((title) => title.scrollIntoView()),
  },
  {
    name: 'subscribers-plan-changed',
    pattern: '/t/:tenantId/subscribers/:changedId',
    what: 'somebody who changed the plan',
  },
  {
    name: 'subscribers-change-plan',
    pattern: '/t/:tenantId/subscribers/:changedId',
    what: 'what changing the plan comes to',
    act: async ({ page, press, say }) => {
      await press(say('subscribers:changePlan.open'))
      await page.getByRole('dialog').getByLabel(say('subscribers:changePlan.plan')).waitFor()
    },
  },
  {
    name: 'payments-plan-changed',
    pattern: '/t/:tenantId/payments/:changePaymentId',
    what: 'a change of plan: what was paid, and what unused time paid for',
  },
  {
    name: 'payments-gift-taken',
    pattern: '/t/:tenantId/payments/:giftPaymentId',
    what: 'a gift that was taken',
  },
  {
    name: 'campaigns-link',
    pattern: '/t/:tenantId/campaigns',
    what: 'a link and its QR code',
    act: async ({ page, say }) => {
      const name = 'Подкаст «Ровно час»'
      await page
        .getByRole('button', { name: say('campaigns:menu', { name }) })
        .locator('visible=true')
        .click()
      await page.getByRole('menuitem', { name: say('campaigns:link.open') }).click()
      await page.getByRole('img', { name: say('campaigns:link.qr', { name }) }).waitFor()
    },
  },
  {
    name: 'campaigns-referrals',
    pattern: '/t/:tenantId/campaigns?tab=referrals',
    what: 'the referral programme',
  },
  {
    name: 'promo-codes-win-back-figures',
    pattern: '/t/:tenantId/promo-codes/win-back',
    what: 'what the offers brought',
    act: ({ page, say }) =>
      page
        .getByText(say('win-backs:figures.title'), { exact: true })
        .evaluate((title) => title.scrollIntoView()),
  },
  {
    name: 'broadcasts-scheduled',
    pattern: '/t/:tenantId/broadcasts/:scheduledBroadcastId',
    what: 'one that waits for its time',
  },
  {
    name: 'broadcasts-running',
    pattern: '/t/:tenantId/broadcasts/:runningBroadcastId',
    what: 'one that goes out',
  },
  {
    name: 'broadcasts-told',
    pattern: '/t/:tenantId/broadcasts/:toldBroadcastId',
    what: 'one that ended, and of whom it is uncertain',
  },
  {
    name: 'broadcasts-buttons',
    pattern: '/t/:tenantId/broadcasts/:broadcastId/edit',
    what: 'buttons under the message, and for whom it is',
    act: ({ page, say }) =>
      page
        .getByText(say('broadcasts:buttons.title'), { exact: true })
        .evaluate((title) => title.scrollIntoView()),
  },
]
