import type { CaseStep } from '../case-format.ts'
import type { Dice } from './dice.ts'
import type { Draft } from './draft.ts'

const keys = ['a', 'b', 'c', 'd']
const values = ['a', 'b', 'c', 'ab', 'ba', 'cab', 'x y', 'a b c', 'dd', 'bx', '', 'axe', 'b cup']

/** Times mostly move on, sometimes go back a little or a lot, sometimes leap ahead and close windows. */
class Times {
  private readonly dice: Dice
  private readonly unit: number
  private readonly pastMax: number
  private now: number

  constructor(dice: Dice, unit: number, pastMaxMs: number) {
    this.dice = dice
    this.unit = unit
    this.pastMax = Math.floor(pastMaxMs / unit)
    this.now = dice.pick([0, 10, 40, 100])
  }

  next(): number {
    const { dice } = this
    const way = dice.roll()
    if (way < 0.18) return this.past(dice.between(1, 12))
    if (way < 0.26) return this.past(dice.between(12, 45))
    this.now += way < 0.93 ? dice.between(0, 4) : dice.between(20, 60)
    return this.now * this.unit
  }

  private past(back: number): number {
    return Math.max(0, this.now - Math.min(back, this.pastMax)) * this.unit
  }

  leap(): number {
    this.now += 100
    return this.now * this.unit
  }
}

/** The records of a random case, and at its end one for each topic, far ahead, so that windows close. */
export function records(draft: Draft): CaseStep[] {
  const { dice, topics } = draft
  const unit = draft.thirds ? 3 : 1
  const times = new Times(dice, unit, draft.pastMaxMs)
  const keyCount = dice.between(2, keys.length)
  const steps: CaseStep[] = []
  for (let count = dice.between(16, 28); count > 0; count -= 1) {
    if (dice.chance(draft.timers ? 0.25 : 0.02)) {
      steps.push({ advance: unit * dice.between(1, 12) })
      continue
    }
    const { topic, kind, nullKeys } = dice.pick(topics)
    const key = nullKeys && dice.chance(0.05) ? null : keys[dice.between(0, keyCount - 1)]!
    const value = dice.chance(kind === 'table' ? 0.2 : 0.07) ? null : dice.pick(values)
    steps.push({ in: topic, key, value, ts: times.next() })
  }
  const last = topics.map(({ topic }) => ({ in: topic, key: 'z', value: 'zz', ts: times.leap() }))
  return [...steps, ...last]
}
