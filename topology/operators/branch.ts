import type { OperatorOf } from './operator.ts'
import { sync } from './sync.ts'

/** One arm of a branch: its name, and its test; without a test it takes the rest. */
export interface Arm {
  readonly name: string
  readonly takes: ((value: unknown, key: unknown) => boolean) | undefined
}

/** Sends each record down the first arm whose test holds. */
export const branch = (arms: readonly Arm[]): OperatorOf => ({
  kind: 'branch',
  facts: { arms: arms.map(arm => arm.name) },
  open({ port, id }) {
    const lanes = arms.map(({ name, takes }) => ({ takes, emit: port(name) }))
    return item => {
      for (const { takes, emit } of lanes) {
        if (takes === undefined || sync(takes(item.value, item.key), id)) return emit(item)
      }
    }
  },
})
