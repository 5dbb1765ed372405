import { keyed, text } from '../../topology/index.ts'
import type { CaseNode } from './case-format.ts'
import { cell, nameOf, type TextStream } from './lane.ts'

interface World {
  readonly stores: Readonly<Record<string, { range(): readonly (readonly [key: string, value: string])[] }>>
  emit(value: string, how: { readonly key: string }): void
}

/** The `process` node: keeps the last value of every key, and at each timer emits all it keeps; `KeepLast.java` is the same. */
export function keepingLast(stream: TextStream, node: Extract<CaseNode, { op: 'process' }>): TextStream {
  const store = `${nameOf(node.id)}-last`
  const every = (clock: 'stream' | 'wall', interval: number | undefined) =>
    interval === undefined
      ? {}
      : {
          [clock]: {
            clock,
            interval,
            run(_: number, { stores, emit }: World) {
              for (const [key, value] of stores[store]!.range()) emit(`${clock}:${value}`, { key })
            },
          },
        }
  return stream.process(nameOf(node.id), {
    stores: { [store]: keyed(text, text) },
    as: cell,
    record(value, key, { stores, emit }) {
      const before = key === null ? undefined : stores[store]!.get(key)
      if (key !== null && value === null) stores[store]!.delete(key)
      if (key !== null && value !== null) stores[store]!.put(key, value)
      emit(`${before ?? null}>${value}`)
    },
    every: { ...every('stream', node.streamEveryMs), ...every('wall', node.wallEveryMs) },
  })
}
