/** Headers in the order of the record; a name may come twice. */
export type Headers = readonly (readonly [name: string, value: Uint8Array | null])[]

export interface LogRecord {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly timestamp: number
  readonly headers: Headers
}

/** A record where the log put it. */
export interface StoredRecord extends LogRecord {
  readonly offset: number
}

export interface Partition {
  readonly topic: string
  readonly partition: number
}

export interface TopicInfo {
  /** Changes when a topic is deleted and made again under its old name. */
  readonly id: string
  readonly partitions: number
}

/** What a topic of ours is made with. */
export interface TopicSettings {
  readonly name: string
  readonly partitions: number
  readonly cleanup: 'delete' | 'compact'
  /**
   * What it is for, where people do not fill it: a log that keeps stores by itself needs no changelogs, and what was taken
   * once must be taken as a dead letter, too, with why it is one.
   */
  readonly purpose?: 'changelog' | 'exchange' | 'dead letters' | undefined
  /** Undefined: for ever. */
  readonly retentionMs?: number | undefined
  /** Of each partition, at least, and not much more; undefined: without limit. */
  readonly retentionBytes?: number | undefined
  /** Compacted topics: how long a deletion stays readable after it was cleaned. */
  readonly tombstonesMs?: number | undefined
  /** Hints for a log that keeps its topics in segments. */
  readonly segmentMs?: number | undefined
  readonly segmentBytes?: number | undefined
}

/** Names one store of one task. */
export interface StoreName {
  readonly store: string
  readonly partition: number
  /** The topic that its changes go to. */
  readonly changelog: string
}

export interface StoreChanges extends StoreName {
  /** In the order of the keys' first change; null deletes. Each key stands once. */
  readonly entries: readonly (readonly [key: Uint8Array, value: Uint8Array | null])[]
}

export interface Appends extends Partition {
  readonly records: readonly LogRecord[]
}

/** The next offset to read. */
export interface Position extends Partition {
  readonly offset: number
}

export interface Commit {
  readonly appends: readonly Appends[]
  readonly changes: readonly StoreChanges[]
  readonly positions: readonly Position[]
}

/**
 * `committed`: all of it is visible and durable. `aborted`: none of it is and none will be.
 * `unknown`: either; only `Member.recover` tells. `fenced`: none of it is, and another member owns the partitions now.
 */
export type Outcome = 'committed' | 'aborted' | 'unknown' | 'fenced'

export interface Fetched extends Partition {
  readonly records: readonly StoredRecord[]
  /** The next offset after these, which may be beyond the last record's successor (aborted or compacted ones). */
  readonly next: number
  /** Nothing committed lay beyond `next` when this was read. */
  readonly drained: boolean
}

/** How the log tells its member what it owns. Each call is awaited before the log goes on. */
export interface Ownership {
  /** At least one: they start paused, at their committed positions. */
  assigned(partitions: readonly Partition[]): Promise<void> | void
  /** Work on these can still be committed inside this call. */
  revoked(partitions: readonly Partition[]): Promise<void> | void
  /** These belong to somebody else already: nothing may be committed for them. */
  lost(partitions: readonly Partition[]): Promise<void> | void
}

/** One instance of one topology at the log. Not concurrent: one call at a time, but for `close`. */
export interface Member {
  /**
   * Reads from owned partitions that are not paused, in offset order, from the committed position on. Waits at most
   * `waitMs` for a first record, and no longer once `until` is settled: something else has come.
   */
  fetch(recordsMax: number, waitMs: number, until?: Promise<void>): Promise<readonly Fetched[]>
  /** Where each owned partition stands by what has been committed: the next offset. */
  positions(): Promise<readonly Position[]>
  pause(partitions: readonly Partition[]): void
  resume(partitions: readonly Partition[]): void
  /**
   * Appends of the next commit, on their way while the work goes on: visible with it, and never where it fails or
   * `recover` comes first. A log without this takes them with the commit.
   */
  readonly append?: ((appends: readonly Appends[]) => Promise<void>) | undefined
  /** Appends, changes and positions become visible together or not at all; the stores then hold the changes too. */
  commit(commit: Commit): Promise<Outcome>
  /** After `unknown` or `aborted`: settles what happened. Every partition is paused and stands at its committed position again. */
  recover(): Promise<void>
  /** Its stores may take long to open: `store` may be called while anything else is at work. */
  readonly restores?: boolean | undefined
  /** Opens a store with everything in it that has been committed. */
  store(name: StoreName): Promise<ReadableStore>
  close(): Promise<void>
}

export interface Log {
  /** Names this log for ever: what was read from another log has no meaning here. */
  readonly id: string
  topic(name: string): Promise<TopicInfo | undefined>
  /** Makes the topics that are missing; one that exists stays as it is. */
  create(topics: readonly TopicSettings[]): Promise<void>
  join(group: string, instance: string, topics: readonly string[], ownership: Ownership): Promise<Member>
  /** Reads committed records of any partition without owning it. */
  read(partition: Partition, offset: number, recordsMax: number): Promise<Fetched>
  /** The first offset kept and the one after the last that is committed. */
  ends(partition: Partition): Promise<{ readonly first: number; readonly next: number }>
}

/** A store as a task sees it: committed content only. */
export interface ReadableStore {
  get(key: Uint8Array): Uint8Array | undefined
  /** Entries with `from <= key < to` in the order of their bytes, or backwards. Undefined ends are open. */
  range(
    from: Uint8Array | undefined,
    to: Uint8Array | undefined,
    backwards?: boolean,
  ): Iterable<readonly [key: Uint8Array, value: Uint8Array]>
  /** How many entries it holds. */
  readonly size: number
  /** What they take where they are kept, as far as that is known. */
  readonly bytes?: number
}

/** Where a store stands in its changelog. */
export interface Checkpoint {
  readonly logId: string
  readonly topicId: string
  /** The next changelog offset to apply. */
  readonly offset: number
  /** Wall time of the write, for a checkpoint too old to be trusted. */
  readonly timeMs: number
}

/** One ordered map of bytes that outlives the process: what a runner puts beneath each store of a task. */
export interface Store extends ReadableStore {
  readonly checkpoint: Checkpoint | undefined
  /** Entries and checkpoint are written together or not at all. */
  write(
    entries: readonly (readonly [key: Uint8Array, value: Uint8Array | null])[],
    checkpoint: Checkpoint,
  ): Promise<void> | void
  /** Empties it, its checkpoint too. */
  clear(): Promise<void> | void
  close(): Promise<void> | void
}
