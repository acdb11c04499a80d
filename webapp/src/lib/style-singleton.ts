/**
 * Stands in for `react-style-singleton`, by which Radix locks the page's scrolling: the original writes a <style>
 * element, which our content security policy forbids. A constructed style sheet does the same.
 */
import { useEffect } from 'react'

interface Sheet {
  add: (css: string) => void
  remove: () => void
}

export function stylesheetSingleton(): Sheet {
  let users = 0
  let sheet: CSSStyleSheet | undefined
  return {
    add: (css) => {
      users += 1
      if (users > 1) return
      sheet = new CSSStyleSheet()
      sheet.replaceSync(css)
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
    },
    remove: () => {
      users -= 1
      if (users) return
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((known) => known !== sheet)
    },
  }
}

export function styleHookSingleton() {
  const sheet = stylesheetSingleton()
  return function useStyle(styles: string, isDynamic?: boolean) {
    useEffect(() => {
      sheet.add(styles)
      return () => sheet.remove()
      // eslint-disable-next-line react-hooks/exhaustive-deps -- as the original: only dynamic styles are followed
    }, [isDynamic && styles])
  }
}

export function styleSingleton() {
  const useStyle = styleHookSingleton()
  return function Sheet({ styles, dynamic }: { styles: string; dynamic?: boolean }) {
    useStyle(styles, dynamic)
    return null
  }
}
