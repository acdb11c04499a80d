import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import type { CampaignOut, ReferralOut, ReferralSettingsOut } from '@/api'
import { aBot, aPlan } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

const AT = '2026-11-20T09:00:00Z'
const BOT = aBot()
const LINK: CampaignOut = {
  id: '00000000-0000-7000-8000-000000000101',
  bot_id: BOT.id,
  name: 'ВК, ноябрь',
  source: 'vk_november',
  plan_id: null,
  promo_code_id: null,
  deep_link: 'https://t.me/alpha_bot?start=vk_november',
  starts: 40,
  buyers: 10,
  revenue: [
    { amount_minor: 990_000, currency: 'RUB' },
    { amount_minor: 250, currency: 'XTR' },
  ],
  last_touch_orders: 2,
  last_touch_revenue: [{ amount_minor: 198_000, currency: 'RUB' }],
  created_at: AT,
  archived_at: null,
}
const SETTINGS: ReferralSettingsOut = {
  is_on: false,
  reward_kind: null,
  reward_value: null,
  welcome_kind: null,
  welcome_value: null,
  rewards_a_month: null,
}
const REFERRAL: ReferralOut = {
  bot_id: BOT.id,
  inviter: { id: '00000000-0000-7000-8000-000000000102', first_name: 'Анна', username: null },
  invited: { id: '00000000-0000-7000-8000-000000000103', first_name: '', username: 'boris' },
  state: 'passed',
  reason: 'cap',
  reward_kind: 'days',
  reward_value: 7,
  payment_id: null,
  reward_payment_id: null,
  reward_code: null,
  created_at: AT,
  bought_at: AT,
  rewarded_at: null,
  taken_back_at: null,
}

const links = (items: CampaignOut[], isTest = false) => ({
  ...pageOf(items),
  is_total_exact: true,
  is_test: isTest,
})

beforeEach(() => {
  signIn()
  answer('get', '/bots', pageOf([BOT]))
  answer('get', '/plans', pageOf([aPlan()]))
  answer('get', '/promo-codes', { ...pageOf([]), is_total_exact: true })
  answer('get', '/campaigns', links([LINK]))
  answer('get', `/bots/${BOT.id}/referrals`, SETTINGS)
  answer('get', `/bots/${BOT.id}/referrals/counts`, { invited: 5, bought: 2, rewarded: 1, taken_back: 0 })
  answer('get', '/referrals', { ...pageOf([REFERRAL]), is_total_exact: true })
})

test('each link shows whom and what it brought, each currency by itself', async () => {
  renderPage('~/campaigns')
  const row = await screen.findByRole('row', { name: /vk_november/ })
  expect(within(row).getByText('40')).toBeVisible()
  expect(within(row).getByText(/25.%/)).toBeVisible()
  expect(within(row).getByText(/9.900.₽/)).toBeVisible()
  expect(within(row).getByText(/250/)).toBeVisible()
  expect(within(row).getByText('2 заказа')).toBeVisible()
})

test('a label that the bot uses itself is refused beside its field, and a good one is sent once', async () => {
  refuse('post', '/campaigns', 422, { code: 'campaign_invalid', fields: { source: 'reserved' } })
  const { user } = renderPage('~/campaigns')
  await user.click(await screen.findByRole('button', { name: 'Новая ссылка' }))
  await user.type(await screen.findByLabelText('Название'), 'ВК')
  await user.type(screen.getByLabelText('Метка в ссылке'), 'plan_vk')
  expect(screen.getByText('t.me/alpha_bot?start=plan_vk')).toBeVisible()
  await user.click(screen.getByRole('button', { name: 'Создать ссылку' }))
  await waitFor(() =>
    expect(screen.getByLabelText('Метка в ссылке')).toHaveAccessibleDescription(/Возьмите другую/),
  )
  const sent = answer('post', '/campaigns', LINK, 201)
  await user.clear(screen.getByLabelText('Метка в ссылке'))
  await user.type(screen.getByLabelText('Метка в ссылке'), 'vk_november')
  await user.click(screen.getByRole('button', { name: 'Создать ссылку' }))
  await waitFor(() =>
    expect(sent).toEqual([
      { bot_id: BOT.id, name: 'ВК', source: 'vk_november', plan_id: null, promo_code_id: null },
    ]),
  )
})

test('a link is archived from its menu, and an archive is asked for', async () => {
  const archived = answer('post', `/campaigns/${LINK.id}/archive`, { ...LINK, archived_at: AT })
  const { user } = renderPage('~/campaigns')
  await user.click(await screen.findByRole('button', { name: 'Что сделать с «ВК, ноябрь»' }))
  await user.click(await screen.findByRole('menuitem', { name: 'В архив' }))
  await waitFor(() => expect(archived).toHaveLength(1))
  const asked = answer('get', '/campaigns', links([]))
  renderPage('~/campaigns?show=archived')
  expect(await screen.findByText('В архиве пусто')).toBeVisible()
  expect(asked.at(-1)).toMatchObject({ is_archived: 'true' })
})

test('only what was chosen of the programme is sent', async () => {
  const sent = answer('put', `/bots/${BOT.id}/referrals`, { ...SETTINGS, is_on: true })
  const { user } = renderPage('~/campaigns?tab=referrals')
  await user.click(await screen.findByRole('switch', { name: 'Включена' }))
  await user.selectOptions(screen.getByLabelText('Кто пригласил'), 'Скидка')
  await user.type(screen.getByLabelText('Процентов'), '15')
  await user.click(screen.getByRole('button', { name: 'Сохранить' }))
  await waitFor(() =>
    expect(sent).toEqual([{ ...SETTINGS, is_on: true, reward_kind: 'percent', reward_value: 15 }]),
  )
})

test('a programme that gives nothing says what to choose', async () => {
  const fields = { reward_kind: 'reward_or_welcome' }
  refuse('put', `/bots/${BOT.id}/referrals`, 422, { code: 'referral_settings_invalid', fields })
  const { user } = renderPage('~/campaigns?tab=referrals')
  await user.click(await screen.findByRole('switch', { name: 'Включена' }))
  await user.click(screen.getByRole('button', { name: 'Сохранить' }))
  await waitFor(() =>
    expect(screen.getByLabelText('Кто пригласил')).toHaveAccessibleDescription(/Выберите подарок для того/),
  )
})

test('the list says who brought whom and why there was no reward; an analyst changes nothing', async () => {
  signIn('analyst')
  renderPage('~/campaigns?tab=referrals')
  const row = await screen.findByRole('row', { name: /@boris Анна/ })
  expect(within(row).getByText('Без подарка')).toBeVisible()
  expect(within(row).getByText('предел месяца')).toBeVisible()
  expect(screen.queryByRole('button', { name: 'Сохранить' })).toBeNull()
  expect(screen.getByRole('switch', { name: 'Включена' })).toBeDisabled()
})

test('nobody has a link yet: the page says what links are for', async () => {
  answer('get', '/campaigns', links([], true))
  renderPage('~/campaigns')
  expect(await screen.findByText('Ссылок пока нет')).toBeVisible()
  expect(screen.getByText(/Пока были только тестовые оплаты/)).toBeVisible()
})
