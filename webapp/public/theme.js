// Before the first paint, so that the page does not flash in the wrong colours; a file, since inline scripts are forbidden.
;(function () {
  var root = document.documentElement
  try {
    var theme = localStorage.getItem('lumenpay.theme')
    var language = localStorage.getItem('lumenpay.language')
    if (language === 'en' || language === 'ru') root.lang = language
  } catch {
    // Storage is forbidden: the system's theme is used.
  }
  var isDark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.classList.toggle('dark', isDark)
  root.style.colorScheme = isDark ? 'dark' : 'light'
})()
