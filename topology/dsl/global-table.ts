import { TopologyError } from '../errors.ts'
import type { SourceFacts, StoreFacts } from '../graph/graph.ts'
import { tableSource } from '../operators/table.ts'
import type { Drawing } from './drawing.ts'

declare const global: unique symbol

/**
 * A table that every instance has whole, so that records look up any of its rows; `draft.globalTable` reads one.
 * @example const countries: GlobalTable<string, Country> = draft.globalTable('countries', countriesTopic)
 */
export interface GlobalTable<out K, out V> {
  /** Type-level only: keeps the compiler's messages short, and tables that are spread over the instances out. */
  readonly types?: { readonly key: K; readonly value: V } | undefined
  readonly [global]: true
}

/** A point that nothing is attached to: who looks in names the store. */
export class GlobalTableHandle {
  readonly #drawing: Drawing
  readonly #store: string

  constructor(drawing: Drawing, source: SourceFacts, store: StoreFacts) {
    const table = { store: { ...store, sourceTopic: source.topic.name }, historyMs: undefined }
    drawing.add(tableSource({ ...source, reads: 'all' }, table), [], store.name)
    this.#drawing = drawing
    this.#store = store.name
  }

  /** The store's name, for an operator of this drawing. */
  storeIn(drawing: Drawing): string {
    if (drawing === this.#drawing) return this.#store
    const names = `"${drawing.name}" and "${this.#drawing.name}"`
    throw new TopologyError('NOT_DRAWN_HERE', drawing.name, `lookup takes handles of two topologies, ${names}`)
  }
}
