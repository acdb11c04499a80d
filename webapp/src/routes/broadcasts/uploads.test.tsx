import { screen, waitFor } from '@testing-library/react'
import { delay, http } from 'msw'
import { beforeEach, expect, test, vi } from 'vitest'
import { aBot } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, server, signIn } from '@/test/server'

beforeEach(() => {
  signIn()
  for (const list of ['/plans', '/promo-codes', '/channels']) answer('get', list, pageOf([]))
  answer('get', '/bots', pageOf([aBot()]))
  answer('get', '/users/tags', { tags: [] })
  answer('get', `/broadcasts/audience/${aBot().id}`, { reached: 1200, blocked: 3, opted_out: 0 })
  answer('post', '/broadcasts/preview', { html: '', buttons: [], length: 0, max_length: 1024 })
})

test('a file from the device becomes the medium of the message by the id that Telegram gave it', async () => {
  const told = answer('post', `/broadcasts/media/${aBot().id}`, {
    medium_kind: 'photo',
    medium: 'AgACAgIAAxkBAAIBQ2c_photo',
  })
  const { user } = renderPage('~/broadcasts/new')
  await user.selectOptions(await screen.findByLabelText('Вложение'), 'Фото')
  const input = screen.getByLabelText<HTMLInputElement>('Загрузить с устройства', { selector: 'input' })
  await user.upload(input, new File(['x'.repeat(20)], 'эфир.jpg', { type: 'image/jpeg' }))
  expect(await screen.findByText(/«эфир.jpg» уже в Telegram/)).toBeVisible()
  expect(screen.getByLabelText('Адрес файла')).toHaveValue('AgACAgIAAxkBAAIBQ2c_photo')
  expect(told).toHaveLength(1)
  // The id of a photo is none of a video.
  await user.selectOptions(screen.getByLabelText('Вложение'), 'Видео')
  expect(screen.getByLabelText('Адрес файла')).toHaveValue('')
})

test('a file that is too large is not sent, and whoever has no chat with the bot is told what to do', async () => {
  refuse('post', `/broadcasts/media/${aBot().id}`, 409, { code: 'test_reader_missing' })
  const { user } = renderPage('~/broadcasts/new')
  await user.selectOptions(await screen.findByLabelText('Вложение'), 'Фото')
  const input = screen.getByLabelText<HTMLInputElement>('Загрузить с устройства', { selector: 'input' })
  const large = new File(['x'], 'large.png', { type: 'image/png' })
  Object.defineProperty(large, 'size', { value: 10_000_001 })
  await user.upload(input, large)
  expect(await screen.findByText(/Файл больше 10 МБ/)).toBeVisible()
  await user.upload(input, new File(['x'], 'small.png', { type: 'image/png' }))
  expect(await screen.findByText(/нажмите «Старт»/)).toBeVisible()
  // What is written stays in the tab that it is written in.
  const link = screen.getByRole('link', { name: /^Привязать Telegram.*в новой вкладке/ })
  expect(link).toHaveAttribute('target', '_blank')
  expect(screen.queryByText(/Файл больше/)).toBeNull()
})

test('a file on its way shows how far it is, and can be called off', async () => {
  const begun = vi.fn()
  server.use(
    http.post(`*/broadcasts/media/${aBot().id}`, async () => {
      begun()
      await delay('infinite')
    }),
  )
  const { user } = renderPage('~/broadcasts/new')
  await user.selectOptions(await screen.findByLabelText('Вложение'), 'Видео')
  const input = screen.getByLabelText<HTMLInputElement>('Загрузить с устройства', { selector: 'input' })
  await user.upload(input, new File(['x'], 'эфир.mp4', { type: 'video/mp4' }))
  expect(await screen.findByRole('progressbar', { name: 'Сколько файла загружено' })).toBeVisible()
  await waitFor(() => expect(begun).toHaveBeenCalled())
  await user.click(screen.getByRole('button', { name: 'Прервать' }))
  await waitFor(() => expect(screen.queryByRole('progressbar')).toBeNull())
  expect(screen.queryByRole('alert')).toBeNull()
  expect(screen.getByRole('button', { name: 'Загрузить с устройства' })).toBeEnabled()
})
