import type { Stream, Windowed } from '../../../topology/index.ts'
import { dataTag, indexTag } from '../../../topology/state/keys.ts'
import type { Drive } from '../../../topology/testing.ts'
import { binaryOf } from '../../../topology/text.ts'
import { joined } from './stories.ts'

/** Writes results by window as text, under keys as `a@10-20`. */
export const toJoined = (changes: Stream<Windowed<string>, string | number | null, unknown>): void =>
  changes
    .map(value => (value === null ? null : String(value)) as string)
    .toKeyed(joined, (_value, { key, start, end }) => `${key}@${start}-${end}`)

/** How many entries of data and of order by time a changelog has left of a store. */
export const leftIn = async (world: Drive, changelog: string): Promise<{ data: number; order: number }> => {
  const last = new Map<string, boolean>()
  for (const { key, value, partition } of await world.readBytes(changelog)) {
    last.set(`${binaryOf(key!)} ${partition}`, value !== null)
  }
  const count = (tag: string) => [...last].filter(([key, kept]) => kept && key.startsWith(tag)).length
  return { data: count(dataTag), order: count(indexTag) }
}
