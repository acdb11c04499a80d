import { ChevronRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'

/** How one buys from oneself; the test drive shows the same without Telegram. */
export function HowToBuy() {
  const { t } = useTranslation('onboarding')
  return (
    <details className="group mt-1.5">
      <summary className="inline-flex list-none items-center gap-1 text-info hover:underline [&::-webkit-details-marker]:hidden">
        <ChevronRight className="size-4 transition-transform group-open:rotate-90" aria-hidden />
        {t('howTo.open')}
      </summary>
      <ol className="mt-2 max-w-prose list-decimal space-y-1 pl-5 text-muted-foreground">
        <li>{t('howTo.openBot')}</li>
        <li>{t('howTo.choosePlan')}</li>
        <li>
          {t('howTo.pay')}{' '}
          <code className="font-mono whitespace-nowrap text-foreground">5555 5555 5555 4477</code>
        </li>
        <li>{t('howTo.join')}</li>
      </ol>
      <p className="mt-2 max-w-prose text-muted-foreground">{t('howTo.testDrive')}</p>
    </details>
  )
}
