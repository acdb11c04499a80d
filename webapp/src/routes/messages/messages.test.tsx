import { screen, waitFor } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { aBot } from '@/test/cast'
import { renderPage } from '@/test/render-page'
import { answer, pageOf, refuse, signIn } from '@/test/server'

test('a text is previewed while it is typed, and what Telegram refuses is said in words', async () => {
  signIn()
  answer('get', '/bots', pageOf([aBot()]))
  answer('get', `/bots/${aBot().id}/messages`, [
    {
      key: 'welcome',
      locale: 'ru',
      text: null,
      default: 'Привет, {name}',
      variables: ['name'],
      version: 'default',
    },
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
  const saved = answer('put', `/bots/${aBot().id}/messages/welcome/ru`, {
    key: 'welcome',
    locale: 'ru',
    text: 'Привет, {name}!',
    default: 'Привет, {name}',
    variables: ['name'],
    version: 'second',
  })
  await user.click(screen.getByRole('button', { name: 'Сохранить' }))
  await waitFor(() => expect(saved).toEqual([{ text: 'Привет, {name}!', version: 'default' }]))
})

describe('a text that somebody else has written meanwhile', () => {
  const path = `/bots/${aBot().id}/messages`
  const aText = (text: string, version: string) => ({
    key: 'welcome', locale: 'ru', text, default: 'Привет', variables: [], version,
  }) // prettier-ignore

  async function writeOverTheirs() {
    signIn()
    answer('get', '/bots', pageOf([aBot()]))
    answer('get', path, [aText('Было', 'first')])
    answer('post', `${path}/preview`, { html: 'Было', length: 4, max_length: 4096 })
    refuse('put', `${path}/welcome/ru`, 409, { code: 'changed_meanwhile' })
    const { user } = renderPage('~/messages')
    const field = await screen.findByLabelText('Текст сообщения')
    await user.clear(field)
    await user.type(field, 'Моё')
    answer('get', path, [aText('Чужое', 'second')])
    await user.click(screen.getByRole('button', { name: 'Сохранить' }))
    expect(await screen.findByRole('alert')).toHaveTextContent(/изменили в другом окне.*Чужое/)
    expect(field).toHaveValue('Моё')
    return { user, field }
  }

  test('is shown, and replaced when the person decides so', async () => {
    const { user, field } = await writeOverTheirs()
    const sent = answer('put', `${path}/welcome/ru`, aText('Моё', 'third'))
    answer('get', path, [aText('Моё', 'third')])
    await user.click(screen.getByRole('button', { name: 'Сохранить мой текст' }))
    await waitFor(() => expect(sent).toEqual([{ text: 'Моё', version: 'second' }]))
    await waitFor(() => expect(screen.queryByRole('alert')).not.toBeInTheDocument())
    await user.type(field, '!')
    await user.click(screen.getByRole('button', { name: 'Сохранить' }))
    await waitFor(() => expect(sent[1]).toEqual({ text: 'Моё!', version: 'third' }))
  })

  test('is taken over when the person leaves it so', async () => {
    const { user, field } = await writeOverTheirs()
    await user.click(screen.getByRole('button', { name: 'Оставить сохранённый' }))
    await waitFor(() => expect(field).toHaveValue('Чужое'))
    expect(screen.queryByRole('alert')).not.toBeInTheDocument()
    expect(screen.getByRole('button', { name: 'Сохранить' })).toBeDisabled()
  })
})
