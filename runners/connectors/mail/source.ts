// The Kummerkasten of mail: every mail of a mailbox becomes one record, in the order of its UID.
// Owns: the connection, the place in the mailbox, the flag \Seen. Does not own: what becomes of a record (the pipeline).
// M1  the place (UIDVALIDITY and UID) is committed with the record, and \Seen is set only afterwards.
// M2  a mail that cannot be read is a record too, with the reason; none stops those behind it.
// M3  at most `batch.bytesMax` of mails and one mail more are in memory.

import type { ImapFlow } from 'imapflow'
import type { Feed, Incoming, Opened, SourceConnector } from '../../../topology/ports/connectors.ts'
import { connected, type MailAccount, told } from './account.ts'
import { advanced, type Cursor, cursorText, parseCursor, startingCursor } from './cursor.ts'
import { mailLimits } from './limits.ts'
import { readMail } from './read.ts'
import { type MailMessage, recordOf } from './record.ts'

export interface MailSourceOptions extends MailAccount {
  /** INBOX unless told. */
  readonly mailbox?: string | undefined
  /** How often the mailbox is looked at where the server does not tell of new mail; 10,000 unless told. */
  readonly pollIntervalMs?: number | undefined
  /** Whether the server may tell of new mail (IDLE); true unless told. */
  readonly idle?: boolean | undefined
  /** What is taken at the very first: what nobody has read, unless told. */
  readonly first?: 'unseen' | 'all' | undefined
  /** Whether mails are marked as seen once they are in the log; true unless told. */
  readonly markSeen?: boolean | undefined
  /** Addresses that the desk itself writes from. */
  readonly ownAddresses?: readonly string[] | undefined
}

const batch = { mailsMax: 50, bytesMax: 4 * 1024 * 1024 } as const
/** A server that tells of new mail is asked all the same, in case it forgot. */
const safetyPollMs = 60_000
/** Not every server tells of what came between the last look and the beginning of IDLE: so long after it, there is one look more. */
const settleMs = 1_000
const closeMs = 5_000
/** Of a mail that is too large to be read. */
const headBytes = 300 * 1024

/** A mailbox as a source. */
export const mailSource = (options: MailSourceOptions): SourceConnector<string, MailMessage> => ({
  async open(feed) {
    const client = await connected(options)
    try {
      const reader = new Reader(options, feed, client)
      await reader.begin()
      return reader
    } catch (error) {
      client.close()
      throw told(error, options)
    }
  },
})

type MailFeed = Feed<string, MailMessage>

class Reader implements Opened {
  readonly #options: MailSourceOptions
  readonly #feed: MailFeed
  readonly #client: ImapFlow
  readonly #mailbox: string
  #cursor!: Cursor
  #ended!: Promise<never>
  /** Settles when nothing is under way any more, for whatever reason. */
  #finished!: Promise<void>
  #stopping = false
  #wake: () => void = () => {}
  #news = true
  /** The last look found nothing, and nothing said that it would. */
  #settled = false
  #canMark = true

  constructor(options: MailSourceOptions, feed: MailFeed, client: ImapFlow) {
    this.#options = options
    this.#feed = feed
    this.#client = client
    this.#mailbox = options.mailbox ?? 'INBOX'
  }

  get ended(): Promise<never> {
    return this.#ended
  }

  async begin(): Promise<void> {
    const { uidValidity, uidNext, readOnly } = await this.#client.mailboxOpen(this.#mailbox)
    const kept = this.#feed.cursor === undefined ? undefined : parseCursor(this.#feed.cursor)
    const mailbox = { uidValidity: String(uidValidity), uidNext }
    this.#cursor = startingCursor(kept, mailbox, this.#options.first ?? 'unseen')
    if (kept !== undefined && this.#cursor !== kept)
      this.#feed.note(
        'warn',
        `${this.#mailbox} was made anew on the server: what is unread or new is taken again`,
        mailbox,
      )
    this.#canMark = (this.#options.markSeen ?? true) && readOnly !== true
    for (const event of ['exists', 'close'] as const) this.#client.on(event, () => this.#ring())
    this.#feed.signal.addEventListener('abort', () => this.#ring(), { once: true })
    // Committed before a crash, perhaps not marked.
    if (this.#cursor === kept && kept.uid > 0) await this.#mark(`${kept.from}:${kept.uid}`)
    const working = this.#work()
    // Ended because it was told to, it has nothing to tell.
    this.#ended = working.then(() => new Promise<never>(() => {}))
    this.#ended.catch(() => {})
    this.#finished = working.catch(() => {})
  }

  async close(): Promise<void> {
    this.#stopping = true
    this.#ring()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>(resolve => {
      timer = setTimeout(resolve, closeMs)
    })
    await Promise.race([this.#finished, late])
    clearTimeout(timer)
    if (this.#client.usable) await Promise.race([this.#client.logout().catch(() => {}), pause(1_000)])
    this.#client.close()
  }

  #ring(): void {
    this.#news = true
    this.#wake()
  }

  get #over(): boolean {
    return this.#stopping || this.#feed.signal.aborted
  }

  async #work(): Promise<void> {
    try {
      while (!this.#over) {
        const told = this.#news
        this.#news = false
        await this.#round(told)
        if (!this.#over && !this.#news) await this.#wait()
        if (!this.#over && !this.#client.usable) throw new Error('the server ended the connection')
      }
    } catch (error) {
      if (!this.#over) throw told(error, this.#options)
    }
  }

  /** Takes all that is new. Where the server has told of a mail it may find it a moment later: then there is one look more. */
  async #round(told: boolean): Promise<void> {
    const found = await this.#newUids()
    this.#settled = found.length === 0 && !told
    for (const uids of chunks(found, batch.mailsMax)) {
      let records: Incoming<string, MailMessage>[] = []
      let taken: number[] = []
      let bytes = 0
      let newest: string | undefined
      const append = async () => {
        if (taken.length > 0) await this.#append(records, taken, newest)
        records = []
        taken = []
        bytes = 0
      }
      for (const uid of uids) {
        if (this.#over) return
        const fetched = await this.#fetched(uid)
        taken.push(uid)
        // It was deleted between the search and now.
        if (fetched === undefined) continue
        records.push(fetched.record)
        newest = [newest ?? '', fetched.arrived.toISOString()].sort().at(-1)
        bytes += fetched.bytes
        if (bytes >= batch.bytesMax) await append()
      }
      await append()
    }
    await this.#endCatchUp()
  }

  async #newUids(): Promise<readonly number[]> {
    const { uid, catchUp } = this.#cursor
    const found: number[] = []
    const search = async (range: string, query: object) => {
      const uids = await this.#client.search({ uid: range, ...query }, { uid: true })
      if (uids === false || uids === undefined) throw new Error('the server does not search the mailbox')
      // A range up to * holds the last mail, whatever its number.
      found.push(...uids.filter(each => each > uid))
    }
    if (catchUp === undefined) await search(`${uid + 1}:*`, {})
    else {
      const unread = { seen: false }
      const wanted = catchUp.since === undefined ? unread : { or: [unread, { since: new Date(catchUp.since) }] }
      if (catchUp.upTo > uid) await search(`${uid + 1}:${catchUp.upTo}`, wanted)
      await search(`${Math.max(uid, catchUp.upTo) + 1}:*`, {})
    }
    return [...new Set(found)].sort((one, other) => one - other)
  }

  /** One mail, read; those too large are known by their beginning. */
  async #fetched(uid: number) {
    const range = String(uid)
    const found = await this.#client.fetchOne(range, { uid: true, size: true, internalDate: true }, { uid: true })
    if (found === false) return undefined
    const size = found.size ?? 0
    const source = size > mailLimits.bytesMax ? { maxLength: headBytes } : true
    const mail = await this.#client.fetchOne(range, { uid: true, source }, { uid: true })
    if (mail === false || mail.source === undefined) return undefined
    const arrived = new Date(found.internalDate ?? Date.now())
    const { host, port = 993 } = this.#options
    const place = {
      server: `${host}:${port}`,
      mailbox: this.#mailbox,
      uidValidity: this.#cursor.uidValidity,
      uid,
      arrived,
    }
    const read = await readMail(mail.source, Math.max(size, mail.source.length))
    if (read.refused !== undefined) this.#feed.note('warn', `a mail is not read: ${read.refused}`, { uid })
    const record = recordOf(read, place, this.#options.ownAddresses ?? [])
    return { record, arrived, bytes: mail.source.length }
  }

  async #append(
    records: readonly Incoming<string, MailMessage>[],
    uids: readonly number[],
    newest: string | undefined,
  ) {
    const cursor = advanced(this.#cursor, uids, newest)
    await this.#feed.append(records, cursorText(cursor))
    this.#cursor = cursor
    await this.#mark(uids.join(','))
  }

  /** What is left of a first look may hold nothing at all: from now on UIDs are followed. */
  async #endCatchUp(): Promise<void> {
    const { catchUp, uid } = this.#cursor
    if (catchUp === undefined) return
    this.#cursor = { ...this.#cursor, uid: Math.max(uid, catchUp.upTo), catchUp: undefined }
    await this.#feed.append([], cursorText(this.#cursor))
  }

  /** People see in their mail program what the desk has taken. Where that is not allowed, the place is kept all the same. */
  async #mark(range: string): Promise<void> {
    if (!this.#canMark) return
    try {
      await this.#client.messageFlagsAdd(range, ['\\Seen'], { uid: true })
    } catch (error) {
      if (!this.#client.usable) throw error
      this.#canMark = false
      this.#feed.note('warn', `mails cannot be marked as seen: ${(error as Error).message}`)
    }
  }

  /** Until the server tells of new mail, or it is time to look. */
  async #wait(): Promise<void> {
    const { idle = true, pollIntervalMs = 10_000 } = this.#options
    const told = idle && this.#client.capabilities.has('IDLE')
    const safetyMs = this.#settled ? Math.max(safetyPollMs, pollIntervalMs) : settleMs
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, told ? safetyMs : pollIntervalMs)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
      if (told) this.#client.idle().then(this.#wake, this.#wake)
    })
    this.#wake = () => {}
    if (!told && !this.#over && this.#client.usable) await this.#client.noop()
  }
}

const pause = (ms: number): Promise<void> =>
  new Promise(resolve => {
    setTimeout(resolve, ms).unref()
  })

const chunks = function* <V>(values: readonly V[], size: number): Generator<readonly V[]> {
  for (let at = 0; at < values.length; at += size) yield values.slice(at, at + size)
}
