import { type Canceller, canceller } from '../../../topology/abort.ts'
import type { Feed, Incoming } from '../../../topology/ports/connectors.ts'

/** What a connector told people. */
export interface Told {
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
}

/** A feed in memory: what came, what was told, and how an append is to fare. */
export class MemoryFeed<K, V> implements Feed<K, V> {
  readonly records: Incoming<K, V>[] = []
  readonly appends: { readonly records: number; readonly cursor: string | undefined }[] = []
  readonly told: Told[] = []
  readonly #stop: Canceller = canceller()
  readonly signal = this.#stop.signal
  readonly #watchers = new Set<() => void>()
  cursor: string | undefined
  /** Runs before each append; what it throws, the append rejects with. */
  before: () => Promise<void> = async () => {}

  constructor(cursor?: string) {
    this.cursor = cursor
  }

  async append(records: readonly Incoming<K, V>[], cursor?: string): Promise<void> {
    await this.before()
    this.records.push(...records)
    this.cursor = cursor ?? this.cursor
    this.appends.push({ records: records.length, cursor })
    this.#wake()
  }

  readonly note: Feed<K, V>['note'] = (level, message) => {
    this.told.push({ level, message })
    this.#wake()
  }

  #wake(): void {
    for (const watcher of this.#watchers) watcher()
  }

  /** Resolves once this holds; it is looked at whenever something came or was told. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>(resolve => {
        const once = () => {
          this.#watchers.delete(once)
          resolve()
        }
        this.#watchers.add(once)
      })
    }
  }

  abort(): void {
    this.#stop.abort()
  }
}
