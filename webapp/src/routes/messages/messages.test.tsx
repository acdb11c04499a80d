import { screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { aBot } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

test('a text is previewed while it is typed, and what Telegram refuses is said in words', async () => {
  signIn()
  answer('get', '/bots', pageOf([aBot()]))
  answer('get', `/bots/${aBot().id}/messages`, [
    { key: 'welcome', locale: 'ru', text: null, default: 'Привет, {name}', variables: ['name'] },
  ])
  answer('post', `/bots/${aBot().id}/messages/preview`, {
    html: 'Привет, <b>Анна</b><img src=x>',
    length: 12,
    max_length: 4096,
  })
  const { user } = renderPage('~/messages')
  const bold = await screen.findByText('Анна')
  expect(bold.tagName).toBe('STRONG')
  expect(screen.getByText(/<img src=x>/)).toBeVisible()
  expect(screen.getByText('12 из 4 096 знаков')).toBeVisible()
  refuse('post', `/bots/${aBot().id}/messages/preview`, 422, {
    code: 'message_text_invalid',
    fields: { text: 'unknown_variable plan' },
  })
  await user.type(screen.getByLabelText('Текст сообщения'), '!')
  expect(await screen.findByText('Переменной plan у этого текста нет.')).toBeVisible()
  const saved = answer('put', `/bots/${aBot().id}/messages/welcome/ru`, {})
  await user.click(screen.getByRole('button', { name: 'Сохранить' }))
  await waitFor(() => expect(saved).toEqual([{ text: 'Привет, {name}!' }]))
})
