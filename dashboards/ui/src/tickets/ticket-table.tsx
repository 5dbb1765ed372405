import { type KeyboardEvent, useRef } from 'react'
import type { Ticket, TicketPage } from '../server/types.ts'
import { useAnswer } from '../server/use-answer.ts'
import { Badge } from '../shell/badge.tsx'
import { Icon } from '../shell/icon.tsx'
import { Link } from '../shell/link.tsx'
import { setQuery, useRoute } from '../shell/route.ts'
import { States } from '../shell/states.tsx'
import { useWords } from '../text/index.ts'
import { Filters, filterNames } from './filters.tsx'

const snippetMax = 140
const pageSizes = { short: 10, long: 25 } as const

interface Shown {
  readonly onOpen: (number: number | string) => void
  /** Ten a page, beneath the figures; else a page for itself. */
  readonly isShort?: boolean
}

/** The tickets as they come, filtered, page by page. */
export const TicketTable = ({ onOpen, isShort = false }: Shown) => {
  const words = useWords()
  const { query } = useRoute()
  const limit = isShort ? pageSizes.short : pageSizes.long
  const cursor = query.get('cursor')
  const offset = cursor === null ? 0 : Number(query.get('offset') ?? 0)
  const sort = query.get('sort') ?? '-date'
  const asked = new URLSearchParams({ limit: String(limit), sort })
  if (cursor === null) asked.set('offset', String(0))
  else asked.set('cursor', cursor)
  for (const name of [...filterNames, 'q']) {
    const value = query.get(name)
    if (value !== null) asked.set(name, value)
  }
  const answer = useAnswer<TicketPage>(`/api/tickets?${asked}`)
  const isFiltered = [...filterNames, 'q'].some(name => query.has(name))
  return (
    <div className="card list">
      <Filters />
      <States
        answer={answer}
        waiting={<Waiting rows={limit} />}
        isEmpty={({ tickets }) => tickets.length === 0}
        empty={
          <>
            <p>{words.t(isFiltered ? 'nothingFound' : 'noTickets')}</p>
            {!isFiltered && (
              <Link className="button main" href="/new">
                {words.t('newTicket')}
              </Link>
            )}
          </>
        }
      >
        {({ tickets, total, next }) => (
          <>
            <Rows tickets={tickets} sort={sort} onOpen={onOpen} />
            <Pages offset={offset} shown={tickets.length} total={total} next={next} limit={limit} />
          </>
        )}
      </States>
    </div>
  )
}

const Waiting = ({ rows }: { rows: number }) => (
  <div className="waiting-rows">
    {Array.from({ length: rows }, (_, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: lines that only hold a place
      <div className="skeleton line" key={at} />
    ))}
  </div>
)

const Rows = ({ tickets, sort, onOpen }: { tickets: readonly Ticket[]; sort: string } & Pick<Shown, 'onOpen'>) => {
  const { t } = useWords()
  const body = useRef<HTMLTableSectionElement>(null)
  const move = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    const links = [...body.current!.querySelectorAll<HTMLElement>('a.number')]
    const at = links.indexOf(document.activeElement as HTMLElement)
    const to = links[at + (event.key === 'ArrowDown' ? 1 : -1)]
    if (at < 0 || to === undefined) return
    event.preventDefault()
    to.focus()
  }
  return (
    <div className="scrolled">
      <table className="tickets">
        <thead>
          <tr>
            <Sorted by="number" sort={sort} />
            <th scope="col">{t('snippet')}</th>
            <th scope="col">{t('contact')}</th>
            <th scope="col">{t('origin')}</th>
            <th scope="col">{t('category')}</th>
            <th scope="col">{t('type')}</th>
            <th scope="col">{t('priority')}</th>
            <Sorted by="date" sort={sort} />
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={move}>
          {tickets.map(ticket => (
            <Row key={ticket.id} ticket={ticket} onOpen={onOpen} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

const Sorted = ({ by, sort }: { by: 'number' | 'date'; sort: string }) => {
  const { t } = useWords()
  const isUp = sort === by
  const isDown = sort === `-${by}`
  return (
    <th scope="col" aria-sort={isUp ? 'ascending' : isDown ? 'descending' : 'none'} className={`at-${by}`}>
      <button
        type="button"
        className="sort"
        onClick={() => setQuery({ sort: isDown ? by : `-${by}`, cursor: undefined, offset: undefined })}
      >
        {t(by)}
        <span aria-hidden="true">{isUp ? ' ↑' : isDown ? ' ↓' : ''}</span>
      </button>
    </th>
  )
}

const snippet = (text: string): string => (text.length > snippetMax ? `${text.slice(0, snippetMax)}…` : text)

const Row = ({ ticket, onOpen }: { ticket: Ticket } & Pick<Shown, 'onOpen'>) => {
  const { t, moment, ago } = useWords()
  const number = ticket.number ?? ticket.id
  return (
    <tr
      onClick={event => {
        // A text that was just marked is not to be lost.
        if (window.getSelection()?.toString() === '' && !(event.target as Element).closest('a')) onOpen(number)
      }}
    >
      <td className="at-number">
        <Link
          className="number"
          href={`/tickets?ticket=${number}`}
          aria-label={t('open', { number })}
          onClick={event => {
            event.preventDefault()
            onOpen(number)
          }}
        >
          #{ticket.number}
        </Link>
      </td>
      <td className="at-snippet">
        <b>{ticket.subject === '' ? snippet(ticket.body) : ticket.subject}</b>
        {ticket.subject !== '' && <span>{snippet(ticket.body)}</span>}
      </td>
      <td className="at-contact">{ticket.contact}</td>
      <td className="at-origin">
        <Badge value={ticket.origin} isDot />
      </td>
      <td className="at-category">
        <Badge value={ticket.category} />
      </td>
      <td className="at-type">
        <Badge value={ticket.type} />
      </td>
      <td className="at-priority">
        <Badge value={ticket.priority} />
      </td>
      <td className="at-date">
        <time dateTime={ticket.date} title={moment(ticket.date)}>
          {ago(ticket.date)}
        </time>
      </td>
    </tr>
  )
}

interface Paged {
  readonly offset: number
  readonly shown: number
  readonly total: number
  readonly next: string | null
  readonly limit: number
}

/** Pages are walked by cursor, so that the ten-thousandth is as quick as the first; the way back is the browser's. */
const Pages = ({ offset, shown, total, next, limit }: Paged) => {
  const { t, count } = useWords()
  return (
    <nav className="pages" aria-label={t('tickets')}>
      <p>{t('showing', { from: count(offset + 1), to: count(offset + shown), total: count(total) })}</p>
      <div className="joined">
        <button type="button" className="button" disabled={offset === 0} onClick={() => goBack(offset, limit)}>
          <Icon name="left" /> {t('previous')}
        </button>
        <button type="button" className="button" disabled={next === null} onClick={() => goOn(next!, offset + shown)}>
          {t('next')} <Icon name="right" />
        </button>
      </div>
    </nav>
  )
}

/** Cursors of the pages before this one, by their offsets. */
const visited = new Map<number, string>()

const goOn = (cursor: string, offset: number): void => {
  visited.set(offset, cursor)
  setQuery({ cursor, offset: String(offset) })
}

const goBack = (offset: number, limit: number): void => {
  const before = Math.max(0, offset - limit)
  const cursor = visited.get(before)
  // Without a cursor from before, the list begins anew.
  setQuery(
    cursor === undefined || before === 0
      ? { cursor: undefined, offset: undefined }
      : { cursor, offset: String(before) },
  )
}
