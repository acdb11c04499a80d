import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Providers } from './app/providers'
import { startI18n } from './i18n'
import './index.css'

const root = document.getElementById('root')
if (!root) throw new Error('the page has no root')
await startI18n()
createRoot(root).render(
  <StrictMode>
    <Providers />
  </StrictMode>,
)
