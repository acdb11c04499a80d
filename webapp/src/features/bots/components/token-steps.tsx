import { Trans, useTranslation } from 'react-i18next'

/** How to get a token; BotFather's own words are kept as they are. */
export function TokenSteps() {
  useTranslation('bots')
  const components = {
    botfather: (
      // eslint-disable-next-line jsx-a11y/anchor-has-content -- the text comes from the catalogue
      <a
        className="font-medium text-info hover:underline"
        href="https://t.me/BotFather"
        target="_blank"
        rel="noreferrer"
      />
    ),
    code: <code className="rounded-sm bg-muted px-1 py-0.5 font-mono text-xs" />,
  }
  return (
    <ol className="list-decimal space-y-1 pl-5 text-muted-foreground">
      <li>
        <Trans ns="bots" i18nKey="connect.step1" components={components} />
      </li>
      <li>
        <Trans ns="bots" i18nKey="connect.step2" components={components} />
      </li>
      <li>
        <Trans ns="bots" i18nKey="connect.step3" components={components} />
      </li>
    </ol>
  )
}
