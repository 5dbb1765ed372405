import type { CaseSpec } from '../case-format.ts'
import { isUnordered } from '../topology-facts.ts'
import { Dice } from './dice.ts'
import { Draft } from './draft.ts'
import { recipes } from './focus.ts'
import { goOn } from './grow.ts'
import { records } from './records.ts'

/** The case of a seed: always the same one. Seeds go through the operators in turn. */
export function randomCase(seed: number): CaseSpec {
  const draft = new Draft(new Dice(seed))
  const focus = recipes[seed % recipes.length]!
  goOn(draft, focus(draft), draft.dice.between(0, 2))
  draft.finish()
  const unordered = isUnordered(draft.nodes)
  return {
    name: `random ${seed}`,
    seed,
    ...(unordered ? { unordered } : {}),
    topology: draft.nodes,
    steps: records(draft),
  }
}
