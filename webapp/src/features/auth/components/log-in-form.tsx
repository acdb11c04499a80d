import { useState } from 'react'
import { CodeForm } from './code-form'
import { PasswordForm } from './password-form'

/** E-mail and password, and where a second factor is on, its code. */
export function LogInForm({ onDone }: { onDone: () => void }) {
  const [isCodeNeeded, setIsCodeNeeded] = useState(false)
  if (isCodeNeeded) return <CodeForm onDone={onDone} onAgain={() => setIsCodeNeeded(false)} />
  return <PasswordForm onDone={onDone} onCodeNeeded={() => setIsCodeNeeded(true)} />
}
