import { canceller } from '../../abort.ts'
import type { Feed, Incoming, SourceConnector } from '../../ports/connectors.ts'
import { type Check, equal, holds } from './check.ts'

/**
 * The outside world of one check: what a source brings from there.
 * @example const bringAll = async ({ bring }: OutsideSource) => { for (const name of ['a', 'b']) await bring(name) }
 */
export interface OutsideSource {
  readonly connector: SourceConnector
  /** Lets the outside bring a record of this name; resolves when the outside has been told that it was taken, or at once where nobody is told. */
  bring(name: string): Promise<void>
  /** The name under which the outside knows what the source has made of it. */
  nameOf(record: Incoming<unknown, unknown>): string
  close?(): Promise<void> | void
}

/**
 * How a suite gets at the source that it examines. `keeps`: the outside has records until they are taken, and a cursor says
 * where to go on; without it whoever brings one waits, and is told when it was not taken.
 * @example const inboxes: SourceSubject = { open: newInbox, keeps: true, underWayMax: 1_000, breathe: async () => {} }
 */
export interface SourceSubject {
  open(): Promise<OutsideSource>
  readonly keeps: boolean
  /** Records that may have been appended and not committed. */
  readonly underWayMax: number
  /** Lets everything else have its turn for a moment: the library has no clock. */
  breathe(): Promise<void>
}

/** Stands in for the runner: takes what is appended, as a test has it. */
class Taking implements Feed<unknown, unknown> {
  readonly names: string[] = []
  readonly signal
  readonly #over = canceller()
  readonly #nameOf: (record: Incoming<unknown, unknown>) => string
  #waiting: (() => void)[] = []
  cursor: string | undefined
  underWay = 0
  /** The next appends wait until `release`. */
  held = false
  /** The next append is rejected with this. */
  failure: Error | undefined

  constructor(nameOf: Taking['nameOf'], cursor?: string) {
    this.#nameOf = nameOf
    this.cursor = cursor
    this.signal = this.#over.signal
  }

  get nameOf() {
    return this.#nameOf
  }

  note = (): void => {}

  append = async (records: readonly Incoming<unknown, unknown>[], cursor?: string): Promise<void> => {
    this.underWay += records.length
    try {
      if (this.held) await new Promise<void>(resolve => this.#waiting.push(resolve))
      const { failure } = this
      this.failure = undefined
      if (failure !== undefined) throw failure
      this.names.push(...records.map(this.#nameOf))
      this.cursor = cursor ?? this.cursor
    } finally {
      this.underWay -= records.length
    }
  }

  release(): void {
    this.held = false
    for (const go of this.#waiting.splice(0)) go()
  }

  stop(): void {
    this.#over.abort()
  }
}

/** Moments that a source may need for what it does; a guard, not a measure. */
const momentsMax = 200_000
/** Moments in which what must not come would have come. */
const quietMoments = 20

interface World extends OutsideSource {
  /** Waits until something has come to be. */
  comesTo(done: () => boolean, what: string): Promise<void>
  /** Waits for what should not come. */
  quiet(): Promise<void>
}

type Make = (name: string, run: (world: World) => Promise<void>) => Check

const worldOf = (outside: OutsideSource, { breathe }: SourceSubject): World => ({
  ...outside,
  async comesTo(done, what) {
    for (let moment = 0; !done(); moment++) {
      holds(moment < momentsMax, what)
      await breathe()
    }
  },
  async quiet() {
    for (let moment = 0; moment < quietMoments; moment++) await breathe()
  },
})

/**
 * The promises of a source connector, whatever it reads.
 * @example for (const { name, run } of sourceContract(inboxes)) test(name, run)
 */
export const sourceContract = (subject: SourceSubject): readonly Check[] => {
  const check: Make = (name, run) => ({
    name: `source: ${name}`,
    async run() {
      const outside = await subject.open()
      try {
        await run(worldOf(outside, subject))
      } finally {
        await outside.close?.()
      }
    },
  })
  return [...commonChecks(check, subject), ...(subject.keeps ? keepingChecks(check) : askingChecks(check))]
}

const commonChecks = (check: Make, { underWayMax }: SourceSubject): Check[] => [
  check('brings what comes, each once and in order', async ({ connector, bring, nameOf, comesTo }) => {
    const feed = new Taking(nameOf)
    const opened = await connector.open(feed)
    for (const name of ['a', 'b', 'c']) await bring(name)
    await comesTo(() => feed.names.length >= 3, 'three records are brought')
    await opened.close()
    equal(feed.names, ['a', 'b', 'c'], 'the records')
  }),
  check(
    'has only so much under way when nothing is committed',
    async ({ connector, bring, nameOf, comesTo, quiet }) => {
      const feed = new Taking(nameOf)
      feed.held = true
      const opened = await connector.open(feed)
      const told = Array.from({ length: 20 }, (_, at) => bring(`r${at}`).catch(() => {}))
      await comesTo(() => feed.underWay > 0, 'something is appended')
      await quiet()
      holds(feed.underWay <= underWayMax, `${feed.underWay} records are under way, ${underWayMax} at most`)
      feed.release()
      await Promise.all(told)
      await comesTo(() => feed.names.length >= 20, 'all are brought in the end')
      await opened.close()
    },
  ),
  check('brings nothing after it was closed', async ({ connector, bring, nameOf, comesTo, quiet }) => {
    const feed = new Taking(nameOf)
    const opened = await connector.open(feed)
    await bring('a')
    await comesTo(() => feed.names.length >= 1, 'a record is brought')
    feed.stop()
    await opened.close()
    await bring('b').catch(() => {})
    await quiet()
    equal(feed.names, ['a'], 'the records')
  }),
  check(
    'closes while an append is under way, and what was committed counts',
    async ({ connector, bring, nameOf, comesTo }) => {
      const feed = new Taking(nameOf)
      feed.held = true
      const opened = await connector.open(feed)
      const told = bring('a').catch(() => {})
      await comesTo(() => feed.underWay > 0, 'something is appended')
      feed.stop()
      const closing = opened.close()
      feed.release()
      await closing
      await told
      equal(feed.names, ['a'], 'the records')
    },
  ),
]

const keepingChecks = (check: Make): Check[] => [
  check(
    'goes on at its cursor: nothing twice, and nothing lost that came meanwhile',
    async ({ comesTo, ...outside }) => {
      const first = new Taking(outside.nameOf)
      const opened = await outside.connector.open(first)
      await outside.bring('a')
      await outside.bring('b')
      await comesTo(() => first.names.length >= 2, 'two records are brought')
      await opened.close()
      await outside.bring('c')
      const second = new Taking(outside.nameOf, first.cursor)
      const again = await outside.connector.open(second)
      await outside.bring('d')
      await comesTo(() => second.names.length >= 2, 'two more are brought')
      await again.close()
      equal(second.names, ['c', 'd'], 'the records after the cursor')
    },
  ),
  check('brings again what no commit took', async ({ comesTo, ...outside }) => {
    const first = new Taking(outside.nameOf)
    first.failure = new Error('the log is full')
    await outside.bring('a')
    const opened = await outside.connector.open(first)
    // It ends by itself, or it tries again: either way nothing is lost.
    await Promise.race([
      opened.ended?.catch(() => {}) ?? new Promise(() => {}),
      comesTo(() => first.names.length > 0, 'it brings it again'),
    ])
    await opened.close()
    const second = new Taking(outside.nameOf, first.cursor)
    const again = await outside.connector.open(second)
    await comesTo(() => first.names.length + second.names.length > 0, 'it is brought')
    await again.close()
    equal([...first.names, ...second.names], ['a'], 'the records')
  }),
]

const askingChecks = (check: Make): Check[] => [
  check('says to whoever brings it that a record was not taken', async ({ connector, bring, nameOf }) => {
    const feed = new Taking(nameOf)
    feed.failure = new Error('the log is full')
    const opened = await connector.open(feed)
    let told = false
    await bring('a').catch(() => {
      told = true
    })
    holds(told, 'the one who brings it is told')
    await bring('b')
    await opened.close()
    equal(feed.names, ['b'], 'the records')
  }),
]
