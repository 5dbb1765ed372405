import type { ReactNode } from 'react'
import { signIn, token } from '../server/client.ts'
import { connection } from '../server/live.ts'
import { useStore } from '../server/store.ts'
import type { Session } from '../server/types.ts'
import { reach } from '../server/use-answer.ts'
import { setLanguage, useWords } from '../text/index.ts'
import { Icon } from './icon.tsx'
import { Link } from './link.tsx'
import { useRoute } from './route.ts'
import { sections } from './sections.ts'
import { setTheme, theme } from './theme.ts'

/** What stands around every view: sections, and how the page hears of news. */
export const Frame = ({ session, children }: { session: Session | undefined; children: ReactNode }) => {
  const { t } = useWords()
  return (
    <div className="frame">
      <a className="skip" href="#content">
        {t('skip')}
      </a>
      <aside className="side">
        <Link href="/" className="brand">
          <Mark />
          <span>Franz</span>
        </Link>
        <Sections />
        <Foot session={session} />
      </aside>
      <main id="content" tabIndex={-1}>
        <Away />
        {children}
      </main>
    </div>
  )
}

const Mark = () => (
  <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="8" />
    <path d="M8 9.5h16M8 16h11M8 22.5h6" />
    <circle cx="23.5" cy="22.5" r="2.6" />
  </svg>
)

const Sections = () => {
  const { t } = useWords()
  const { path } = useRoute()
  const isHere = (href: string) => (href === '/' ? path === '/' : path.startsWith(href))
  return (
    <nav aria-label={t('menu')}>
      <Link href="/new" className="button main" aria-current={path === '/new' ? 'page' : undefined}>
        <Icon name="plus" />
        <span>{t('newTicket')}</span>
      </Link>
      <ul>
        {sections.map(({ href, text, short = text, icon }) => (
          <li key={href}>
            <Link href={href} aria-current={isHere(href) ? 'page' : undefined}>
              <Icon name={icon} />
              <span className="whole">{t(text)}</span>
              <span className="short">{t(short)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

const Foot = ({ session }: { session: Session | undefined }) => {
  const { t, language } = useWords()
  const colours = useStore(theme)
  const given = useStore(token)
  return (
    <div className="foot">
      <LiveState />
      <div className="choices">
        <button
          type="button"
          className="quiet"
          aria-label={`${t('theme')}: ${t(colours === 'dark' ? 'light' : 'dark')}`}
          title={t(colours === 'dark' ? 'light' : 'dark')}
          onClick={() => setTheme(colours === 'dark' ? 'light' : 'dark')}
        >
          <Icon name={colours === 'dark' ? 'sun' : 'moon'} />
        </button>
        <button
          type="button"
          className="quiet"
          lang={language === 'en' ? 'de' : 'en'}
          onClick={() => setLanguage(language === 'en' ? 'de' : 'en')}
        >
          {language === 'en' ? 'Deutsch' : 'English'}
        </button>
        <a className="quiet" href="/docs">
          {t('api')}
        </a>
        {given !== undefined && (
          <button type="button" className="quiet" onClick={() => signIn(undefined)}>
            {t('signOut')}
          </button>
        )}
      </div>
      {session?.tokens === false && <p className="note">{t('openNote')}</p>}
    </div>
  )
}

const LiveState = () => {
  const { t } = useWords()
  const state = useStore(connection)
  const { isReached } = useStore(reach)
  const shown = isReached ? state : 'away'
  return (
    <p className={`live ${shown}`} role="status">
      <span className="dot" />
      {t(shown)}
    </p>
  )
}

const Away = () => {
  const { t, moment } = useWords()
  const { isReached, at } = useStore(reach)
  if (isReached) return null
  return (
    <div className="banner" role="alert">
      <Icon name="warning" />
      {at === undefined ? t('awayFirst') : t('awayLong', { time: moment(new Date(at).toISOString()) })}
    </div>
  )
}
