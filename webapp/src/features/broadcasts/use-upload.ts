import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { type MediumKind, broadcastsUpload } from '@/api'
import { useTenant } from '@/lib/tenancy'

const MEGABYTE = 1_000_000
/** What Telegram takes of a bot, and what the window for choosing a file offers. */
export const FILES: Record<MediumKind, { accept: string; megabytes: number }> = {
  photo: { accept: '.jpg,.jpeg,.png,.webp', megabytes: 10 },
  video: { accept: '.mp4', megabytes: 50 },
  document: {
    accept: '.pdf,.zip,.docx,.xlsx,.pptx,.epub,.jpg,.jpeg,.png,.webp,.gif,.mp3,.mp4',
    megabytes: 50,
  },
}

/** Why a file cannot be sent, known before it is on its way. */
export function problemOf({ size }: File, kind: MediumKind): 'empty' | 'too_large' | undefined {
  if (size === 0) return 'empty'
  return size > FILES[kind].megabytes * MEGABYTE ? 'too_large' : undefined
}

/** Sends a file through the server to one's own chat with the bot; `percent` of it is on the server. */
export function useUpload(botId: string, kind: MediumKind, onDone: (medium: string) => void) {
  const { id } = useTenant()
  const [percent, setPercent] = useState(0)
  const leaving = useRef<AbortController>(undefined)
  const mutation = useMutation({
    mutationFn: async (file: File) => {
      setPercent(0)
      leaving.current = new AbortController()
      const { data } = await broadcastsUpload({
        path: { tenant_id: id, bot_id: botId },
        query: { kind, name: file.name },
        body: file,
        signal: leaving.current.signal,
        // A file takes as long as the line needs; the server has a limit of its own.
        timeout: 0,
        onUploadProgress: ({ loaded }) => setPercent(Math.min(100, Math.round((loaded / file.size) * 100))),
      })
      return data.medium
    },
    onSuccess: onDone,
  })
  return { ...mutation, percent, cancel: () => leaving.current?.abort() }
}
