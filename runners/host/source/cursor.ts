import type { Log, Member, StoreChanges, StoreName } from '../../../topology/ports/log.ts'

const key = new TextEncoder().encode('cursor')

interface Kept {
  readonly cursor?: string | undefined
  /** Rises with each commit of the source: it tells whether a commit happened of which nobody knows. */
  readonly sequence: number
}

/** Of a source: the topic whose one partition says who runs it, and the store of one key that holds its cursor. */
export const sourceNames = (topology: string, source: string) => {
  const group = `${topology}.${source}`
  const store: StoreName = { store: 'cursor', partition: 0, changelog: `${group}-cursor` }
  return { group, control: `${group}-control`, store }
}

type Names = ReturnType<typeof sourceNames>

/** Makes the topics of a source where they are missing. */
export const makeSourceTopics = (log: Log, { control, store }: Names): Promise<void> =>
  log.create([
    { name: control, partitions: 1, cleanup: 'delete' },
    { name: store.changelog, partitions: 1, cleanup: 'compact', purpose: 'changelog' },
  ])

/** Where a source stands: read from the log, and written in the commit of what the source has appended. */
export class Cursor {
  readonly #names: Names
  #kept: Kept

  private constructor(names: Names, kept: Kept) {
    this.#names = names
    this.#kept = kept
  }

  static async read(member: Member, names: Names): Promise<Cursor> {
    const bytes = (await member.store(names.store)).get(key)
    const kept = bytes === undefined ? { sequence: 0 } : (JSON.parse(new TextDecoder().decode(bytes)) as Kept)
    return new Cursor(names, kept)
  }

  get value(): string | undefined {
    return this.#kept.cursor
  }

  /** What the next commit writes; a commit without a cursor leaves the last one. */
  next(cursor: string | undefined): { readonly kept: Kept; readonly changes: StoreChanges } {
    const kept = { cursor: cursor ?? this.#kept.cursor, sequence: this.#kept.sequence + 1 }
    const value = new TextEncoder().encode(JSON.stringify(kept))
    return { kept, changes: { ...this.#names.store, entries: [[key, value]] } }
  }

  committed(kept: Kept): void {
    this.#kept = kept
  }

  /** After a commit with an unknown end: whether it happened. */
  holds(kept: Kept): boolean {
    return this.#kept.sequence >= kept.sequence
  }
}
