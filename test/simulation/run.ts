import { TopologyError } from '../../topology/errors.ts'
import { plan } from '../../topology/plan/parts.ts'
import { type CommitStep, commitSteps, Drive, type Fault, type MemoryLog } from '../../topology/testing.ts'
import { Dice } from '../conformance/random/dice.ts'
import { inputs, type Shape, shapeOf } from './shapes.ts'
import { Trace } from './trace.ts'

/** A defect that a run is given on purpose, to see whether it is found. */
export type Defect = 'positions before output' | 'aborted changelog kept' | 'staged state shared'

export interface Simulated {
  readonly seed: number
  readonly shape: Shape
  readonly world: Drive
  readonly trace: Trace
  readonly sent: readonly Sent[]
  /** How often each fault happened: a run in which none did proves nothing. */
  readonly faults: ReadonlyMap<string, number>
}

interface Sent {
  readonly source: number
  readonly key: string
  readonly value: string
  readonly timestamp: number
}

const partitions = 3
const instances = 2
const roundsMax = 14
const faultShare = 0.12
const betweenRoundsMs = 61_000

const recordsOf = (dice: Dice, shape: Shape): Sent[][] => {
  let time = 100
  return Array.from({ length: dice.between(6, roundsMax) }, () =>
    Array.from({ length: dice.between(1, 8) }, () => {
      time += dice.between(0, 12)
      return {
        source: dice.between(0, shape.sources.length - 1),
        key: dice.pick(['a', 'b', 'c', 'dd', 'ee', 'é']),
        value: 'x'.repeat(dice.between(1, 9)),
        timestamp: Math.max(0, time - (dice.chance(0.3) ? dice.between(0, 60) : 0)),
      }
    }),
  )
}

/** Runs one seed: a random topology under random records, crashes, moves, aborted, lost and fenced commits. */
export const simulate = async (seed: number, defect?: Defect): Promise<Simulated> => {
  const dice = new Dice(seed)
  const shape = shapeOf(dice)
  const rounds = recordsOf(dice, shape)
  const counted = new Map<string, number>()
  const count = (fault: string) => counted.set(fault, (counted.get(fault) ?? 0) + 1)
  let calm = false
  const faults = (step: CommitStep): Fault | undefined => {
    if (calm || !dice.chance(faultShare / commitSteps.length)) return undefined
    const fault = dice.pick<Fault>(['crash', 'crash', 'abort', 'lose answer', 'fence'])
    count(`${fault} at ${step}`)
    return fault
  }
  const trace = new Trace()
  const world = new Drive(plan(shape.topology.graph), {
    partitions,
    instances,
    faults: trace.watching(faults),
    observer: instance => trace.observer(instance),
  })
  trace.world = world
  if (defect !== undefined) plant(world.log, defect)
  await world.start()
  for (const records of rounds) {
    for (const { source, key, value, timestamp } of records) await world.append(inputs[source]!, key, value, timestamp)
    for (let turn = dice.between(0, 3); turn > 0; turn--) await restarting(world, () => world.turn())
    await disturb(world, dice, count)
    await restarting(world, () => world.advance(betweenRoundsMs))
  }
  calm = true
  await restarting(world, () => world.advance(betweenRoundsMs))
  await restarting(world, () => world.settle())
  return { seed, shape, world, trace, sent: rounds.flat(), faults: counted }
}

/** An instance that is fenced twice within a minute ends with an error, and whoever watches over it starts it again. */
const restarting = async (world: Drive, work: () => Promise<unknown>): Promise<void> => {
  for (;;) {
    try {
      await work()
      return
    } catch (error) {
      if (!(error instanceof TopologyError && error.code === 'FENCED')) throw error
      await world.crash(/runs as (\S+)$/.exec(error.detail)![1]!)
    }
  }
}

const disturb = async (world: Drive, dice: Dice, count: (fault: string) => void): Promise<void> => {
  const instance = `instance-${dice.between(0, instances - 1)}`
  if (dice.chance(0.15)) {
    const disk = dice.pick(['kept', 'lost'] as const)
    count(`crash between commits, disk ${disk}`)
    await world.crash(instance, disk)
  } else if (dice.chance(0.2)) {
    count('move')
    await world.move(dice.between(0, partitions - 1), instance)
  }
}

const plant = (log: MemoryLog, defect: Defect): void => {
  if (defect === 'positions before output') log.positionsFirst = true
  if (defect === 'aborted changelog kept') log.topics.readsAborted = true
  if (defect === 'staged state shared') log.sharesStores = true
}

/** The same records with no fault and one instance. */
export const cleanRun = async ({ shape, sent }: Simulated): Promise<Drive> => {
  const world = new Drive(plan(shape.topology.graph), { partitions, instances: 1 })
  await world.start()
  for (const { source, key, value, timestamp } of sent) await world.append(inputs[source]!, key, value, timestamp)
  await world.settle()
  return world
}
