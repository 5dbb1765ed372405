// Budget. Owns: how many items and levels the datum at hand may still have. A datum is read or written in one go on
// one thread, so one budget serves all codecs: whoever starts a datum resets it.
import { Fault } from './fault.ts'
import type { Limits } from './limits.ts'

let itemsLeft = 0
let levelsLeft = 0
let limits: Limits | undefined

export const beginDatum = (of: Limits): void => {
  itemsLeft = of.itemsMax
  levelsLeft = of.depthMax
  limits = of
}

export const takeItems = (count: number, offset: number): void => {
  itemsLeft -= count
  if (itemsLeft < 0) throw new Fault(offset, `more than ${limits?.itemsMax} items (itemsMax)`)
}

export const enter = (offset: number): void => {
  levelsLeft--
  if (levelsLeft < 0) throw new Fault(offset, `nested deeper than ${limits?.depthMax} levels (depthMax)`)
}

export const leave = (): void => {
  levelsLeft++
}
