/** What the nodes of a case have become so far. */
import type { GlobalTable, Table, WindowedTable } from '../../topology/index.ts'
import type { Text } from './functions.ts'
import type { Lane } from './lane.ts'

export type TextTable = Table<Text, string>
export type TextWindows = WindowedTable<Text, string>

export type Handle =
  | { readonly lane: Lane }
  | { readonly table: TextTable }
  | { readonly windows: TextWindows }
  | { readonly globalTable: GlobalTable<Text, string> }

export class Handles {
  readonly #byId = new Map<string, Handle>()
  readonly #used = new Set<string>()

  put(id: string, handle: Handle): void {
    this.#byId.set(id, handle)
  }

  get(id: string): Handle {
    const handle = this.#byId.get(id)
    if (handle === undefined) throw new Error(`no node is called ${id}`)
    this.#used.add(id)
    return handle
  }

  lane(id: string): Lane {
    const handle = this.get(id)
    if ('lane' in handle) return handle.lane
    throw new Error(`${id} is not a stream`)
  }

  table(id: string): TextTable {
    const handle = this.get(id)
    if ('table' in handle) return handle.table
    throw new Error(`${id} is not a table`)
  }

  /** Streams that nothing takes: our library wants that said. */
  unused(): Lane[] {
    return [...this.#byId].flatMap(([id, handle]) => ('lane' in handle && !this.#used.has(id) ? [handle.lane] : []))
  }
}
