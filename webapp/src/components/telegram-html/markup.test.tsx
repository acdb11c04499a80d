import { render } from '@testing-library/react'
import { expect, test } from 'vitest'
import { TelegramHtml } from './telegram-html'

const ALLOWED = 'div,strong,em,u,s,code,pre,blockquote,a,button,span,br'

test.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
  '<b onmouseover=alert(1)>b</b>',
  '<a href="javascript:alert(1)">a</a>',
  '<a href="&#106;avascript:alert(1)">a</a>',
  '<a href=" javascript:alert(1)">a</a>',
  '<a href="java\tscript:alert(1)">a</a>',
  '<a href="JAVASCRIPT:alert(1)">a</a>',
  '<a href="data:text/html,<script>alert(1)</script>">a</a>',
  '<a href="vbscript:x">a</a>',
  '<a href="//evil.example">a</a>',
  '<a href="https://ok.example" onclick=alert(1) style="position:fixed">a</a>',
  '<span class="tg-spoiler" onclick=alert(1)>s</span>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>',
  '<b><scr<b>ipt>alert(1)</scr</b>ipt>',
  '</b></pre></code><script>alert(1)</script>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '<base href="https://evil.example/">',
  '<form action="https://evil.example"><input name=x></form>',
  '<meta http-equiv=refresh content="0;url=https://evil.example">',
  '<!--><img src=x onerror=alert(1)>-->',
])('a text of a bot is inert, whatever it says: %s (j3)', (html) => {
  const { container } = render(<TelegramHtml html={html} />)
  for (const element of container.querySelectorAll('*')) {
    expect(element.matches(ALLOWED), element.outerHTML).toBe(true)
    for (const { name, value } of element.attributes) {
      expect(name.startsWith('on') || name === 'style' || name === 'srcdoc', element.outerHTML).toBe(false)
      if (name === 'href') expect(value).toMatch(/^(?:https?:\/\/|tg:\/\/|mailto:)/i)
    }
  }
})
