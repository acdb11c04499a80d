import { expect, test } from 'vitest'
import { MARKS, findMark, keysOf, putAround } from './marks'

test('a mark goes around what is chosen, stays chosen, and is taken away by the same again', () => {
  const marked = putAround('one two', 4, 7, '<b>', '</b>')
  expect(marked).toEqual({ text: 'one <b>two</b>', start: 7, end: 10 })
  expect(putAround(marked.text, marked.start, marked.end, '<b>', '</b>')).toEqual({
    text: 'one two',
    start: 4,
    end: 7,
  })
})

test('without a choice the cursor waits between the marks', () => {
  expect(putAround('', 0, 0, '<i>', '</i>')).toEqual({ text: '<i></i>', start: 3, end: 3 })
})

test('a link waits for its address', () => {
  const { text, start, end } = putAround('see', 0, 3, '<a href="https://">', '</a>')
  expect(text).toBe('<a href="https://">see</a>')
  expect(text.slice(start, end)).toBe('https://')
})

test('a variable comes where the cursor is, which goes on behind it', () => {
  expect(putAround('Hi, !', 4, 4, '{name}')).toEqual({ text: 'Hi, {name}!', start: 10, end: 10 })
})

const PRESSED = { code: 'KeyB', ctrlKey: true, metaKey: false, shiftKey: false, altKey: false }

test.each([
  [PRESSED, 'bold'],
  [{ ...PRESSED, ctrlKey: false, metaKey: true }, 'bold'],
  [{ ...PRESSED, code: 'KeyX', shiftKey: true }, 'strike'],
  [{ ...PRESSED, code: 'KeyX' }, undefined],
  [{ ...PRESSED, ctrlKey: false }, undefined],
  [{ ...PRESSED, altKey: true }, undefined],
])('keys stand for marks wherever their letters are', (event, name) => {
  expect(findMark(event)?.name).toBe(name)
})

test('the keys are shown as the system writes them', () => {
  const [bold, , , strike] = MARKS
  expect([bold, strike].map((mark) => mark && keysOf(mark, false))).toEqual(['Ctrl+B', 'Ctrl+Shift+X'])
  expect([bold, strike].map((mark) => mark && keysOf(mark, true))).toEqual(['⌘B', '⇧⌘X'])
})
