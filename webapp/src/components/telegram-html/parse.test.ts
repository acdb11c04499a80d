import { expect, test } from 'vitest'
import { parseTelegramHtml, visibleLength, visibleText } from './parse'

test('what Telegram allows becomes a tree', () => {
  expect(
    parseTelegramHtml('a <b>b <i>c</i></b> &lt;d&gt; <a href="https://t.me/x?a=1&amp;b=2">e</a>'),
  ).toEqual([
    'a ',
    { tag: 'b', children: ['b ', { tag: 'i', children: ['c'] }] },
    ' <d> ',
    { tag: 'link', href: 'https://t.me/x?a=1&b=2', children: ['e'] },
  ])
})

test.each([
  ['<script>alert(1)</script>', '<script>alert(1)</script>'],
  ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ['<span class="x">a</span>', '<span class="x">a</span>'],
  ['1 < 2 & 3', '1 < 2 & 3'],
])('anything else stays text: %s', (html, text) => {
  const nodes = parseTelegramHtml(html)
  expect(nodes.every((node) => typeof node === 'string')).toBe(true)
  expect(visibleText(nodes)).toBe(text)
})

test('a link that runs a script has no address', () => {
  expect(parseTelegramHtml('<a href="javascript:alert(1)">x</a>')).toEqual([{ tag: 'link', children: ['x'] }])
})

test('the length is what is seen, in UTF-16 units', () => {
  expect(visibleLength('<b>Привет</b> &amp; 😀')).toBe(11)
})
