import { CircleCheck, CircleX } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DriveButtonOut } from '@/api'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'

const CARDS = [
  { number: '5555 5555 5555 4477', outcome: 'pays', icon: CircleCheck, colour: 'text-success' },
  { number: '5555 5555 5555 4600', outcome: 'refused', icon: CircleX, colour: 'text-danger' },
] as const

interface CardSheetProps {
  button: DriveButtonOut | undefined
  isPending: boolean
  onPay: (card: string | null) => void
  onClose: () => void
}

/** The payment page's place: two cards, one of them without money. */
export function CardSheet({ button, isPending, onPay, onClose }: CardSheetProps) {
  const { t } = useTranslation('test-drives')
  const [card, setCard] = useState<string>(CARDS[0].number)
  return (
    <Dialog
      isOpen={button !== undefined}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={t('card.title')}
      description={t('card.text')}
      className="sm:max-w-md"
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onPay(card)
        }}
      >
        <fieldset className="space-y-2">
          <legend className="sr-only">{t('card.choose')}</legend>
          {CARDS.map(({ number, outcome, icon: Icon, colour }) => (
            <label
              key={number}
              className="flex cursor-pointer items-center gap-3 rounded-md border border-input p-3 hover:bg-hover has-checked:border-primary has-checked:bg-info-soft has-focus-visible:outline-2 has-focus-visible:outline-ring"
            >
              <input
                type="radio"
                name="card"
                value={number}
                checked={card === number}
                onChange={() => setCard(number)}
                className="size-4 accent-primary outline-none"
              />
              <span className="min-w-0 flex-1">
                <span className="block font-mono">{number}</span>
                <span className="block text-muted-foreground">{t(`card.${outcome}`)}</span>
              </span>
              <Icon className={`size-5 shrink-0 ${colour}`} aria-hidden />
            </label>
          ))}
        </fieldset>
        <DialogFooter>
          <Button disabled={isPending} onClick={() => onPay(null)}>
            {t('card.decline')}
          </Button>
          <Button type="submit" variant="primary" isPending={isPending}>
            {button?.text ?? t('card.pay')}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
