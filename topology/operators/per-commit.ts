import type { Context, Item, Origin } from './operator.ts'

interface Waiting {
  readonly item: Item
  /** What downstream knows: the value before the first of the updates that became one. */
  readonly old: unknown
  readonly origin: Origin | undefined
}

/** Makes the updates of one commit under one key into a single one, which leaves with the commit. */
export const perCommit = (context: Context): ((item: Item, at: string) => void) => {
  let waiting = new Map<string, Waiting>()
  context.beforeCommit(() => {
    const ready = waiting
    waiting = new Map()
    for (const { item, old, origin } of ready.values()) {
      // What came and went in between was never there for those downstream.
      if (item.value !== null || old !== null) context.apart(() => context.emit({ ...item, old }), origin)
    }
  })
  return (item, at) => {
    const before = waiting.get(at)
    context.undo(() => (before === undefined ? waiting.delete(at) : waiting.set(at, before)))
    waiting.set(at, { item, old: before === undefined ? item.old : before.old, origin: context.origin() })
  }
}
