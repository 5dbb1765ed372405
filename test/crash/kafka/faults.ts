import { setTimeout as pause } from 'node:timers/promises'
import { commitPoints } from '../../../runners/kafka/producer.ts'
import type { Kafka } from '../../parts/kafka.ts'
import type { MinePoint } from './child.ts'
import type { TransferProducer } from './producer.ts'
import type { CommitProxy } from './proxy.ts'
import { noBroker, sessionMs, type Team, transactionTimeoutMs } from './team.ts'

// What is done to the runners and to their broker while they work.

export interface Scene {
  readonly team: Team
  readonly kafka: Kafka
  readonly proxy: CommitProxy
  readonly producer: TransferProducer
  /** A whole number below this, of the seed. */
  roll(sides: number): number
  breach(what: string): void
  /** Until all partitions have moved on from where they stand now. */
  progress(withinMs: number): Promise<void>
}

/** Whether it took place: a fault that missed is void and is tried again. */
export type Fault = (scene: Scene) => Promise<boolean>

/** The runners that every scene starts with; the first goes through the proxy. */
export const crew = ['a', 'b', 'c'] as const

const randomMsMax = 400
const frozenMs = sessionMs + transactionTimeoutMs + 2_000
/** Without a restart: the dead member's session and what it left open have to end first. */
const handoverMs = Math.max(sessionMs, transactionTimeoutMs + 10_000) + 5_000
const restartMs = 10_000
const brokerRestartMs = 60_000
const stormStepMs = 2_000
const badLine = { delayMs: 200, lostShare: 0.05, againMs: 1_000 }
const badLineMs = 10_000
const oddMs = 3_000
/** The client gathers records before it sends them: after this they are gone. */
const leavingMs = 100

const anyOf = ({ roll }: Scene): string => crew[roll(crew.length)]!

const kill: Fault = async scene => {
  const name = anyOf(scene)
  await pause(scene.roll(randomMsMax))
  await scene.team.kill(name)
  await scene.team.start(name)
  return true
}

const killAt =
  (pointOf: (scene: Scene) => MinePoint, leavingMs?: number): Fault =>
  async scene => {
    const name = anyOf(scene)
    if (!(await scene.team.mined(name, pointOf(scene), 1 + scene.roll(5), leavingMs))) return false
    await scene.team.start(name)
    return true
  }

const killInCommit = killAt(({ roll }) => commitPoints[roll(commitPoints.length)]!)
/** All of a commit has reached the brokers but its end: it stands there open until its name is taken over. */
const killInOpenTransaction = killAt(() => 'positions sent', leavingMs)
/** Only where a planted defect makes two of one commit. */
const killInTornCommit = killAt(() => 'torn')

const killAll: Fault = async ({ team, roll }) => {
  await pause(roll(randomMsMax))
  await Promise.all(crew.map(name => team.kill(name)))
  for (const name of crew) await team.start(name)
  return true
}

/** Gone for good until the others have taken over. */
const leave: Fault = async scene => {
  const name = anyOf(scene)
  await scene.team.kill(name)
  await scene.progress(handoverMs)
  await scene.team.start(name)
  return true
}

const stop: Fault = async scene => {
  const name = anyOf(scene)
  const wrong = await scene.team.stop(name)
  if (wrong !== undefined) scene.breach(wrong)
  await scene.team.start(name)
  return true
}

/** Frozen until others have their partitions, and for longer than brokers keep a session and a transaction. */
const frozen = async (scene: Scene, names: readonly string[]): Promise<boolean> => {
  const victims = names.map(name => scene.team.victim(name))
  for (const victim of victims) victim.signal('SIGSTOP')
  const begunMs = performance.now()
  await scene.progress(handoverMs)
  await pause(Math.max(0, frozenMs - (performance.now() - begunMs)))
  for (const victim of victims) victim.signal('SIGCONT')
  return true
}

const zombie: Fault = scene => frozen(scene, [anyOf(scene)])

const twoZombies: Fault = scene => {
  const spared = anyOf(scene)
  return frozen(
    scene,
    crew.filter(name => name !== spared),
  )
}

const brokerRestart: Fault = async ({ kafka, roll }) => {
  const [broker] = kafka.brokers
  await (roll(2) === 0 ? broker!.stop() : broker!.kill())
  await broker!.start()
  return true
}

const brokerFrozen =
  (ms: number): Fault =>
  async ({ kafka }) => {
    kafka.brokers[0]!.freeze()
    await pause(ms)
    kafka.brokers[0]!.thaw()
    return true
  }

/** Longer than every client's patience. */
const brokerDown: Fault = async ({ kafka }) => {
  await kafka.brokers[0]!.kill()
  await pause(70_000)
  await kafka.brokers[0]!.start()
  return true
}

/** Runners that find no broker say so and end; whoever watches over them starts them again. */
const brokerAwayAtStart: Fault = async ({ team, kafka, breach }) => {
  await Promise.all(crew.map(name => team.kill(name)))
  await kafka.brokers[0]!.kill()
  const all = await Promise.all(crew.map(name => team.startsInVain(name)))
  for (const words of all) if (!noBroker.test(words)) breach(`a runner found no broker: ${words}`)
  await kafka.brokers[0]!.start()
  for (const name of crew) await team.start(name)
  return true
}

/** A second process under a name that is taken, on the same machine or on another. */
const twin =
  (where: 'here' | 'elsewhere'): Fault =>
  async ({ team, roll, breach }) => {
    const first = roll(crew.length)
    // With as many members as partitions each has work, by which it learns that its name was taken.
    if (where === 'elsewhere') await team.kill(crew[(first + 1) % crew.length]!)
    const wrong = await team.twin(crew[first]!, where)
    if (wrong !== undefined) breach(wrong)
    return true
  }

const cut: Fault = async ({ proxy }) => proxy.cut() > 0

const slowLine: Fault = async ({ proxy, roll }) => {
  proxy.become(badLine, () => roll(1_000) / 1_000)
  await pause(badLineMs)
  proxy.become()
  return true
}

/** For a while no record can be handled at all. */
const poisonAlone: Fault = async ({ producer }) => {
  producer.become({ poisonShare: 1 })
  await pause(oddMs)
  producer.become()
  return true
}

/** Ten times as many records, all with one key. */
const burst: Fault = async ({ producer }) => {
  producer.become({ timesAsMany: 10, accounts: 1 })
  await pause(oddMs)
  producer.become()
  return true
}

const storm =
  (steps: number): Fault =>
  async ({ team, roll, breach }) => {
    const guests = ['d', 'e'] as const
    for (let step = 0; step < steps; step++) {
      const guest = guests[roll(guests.length)]!
      if (!team.names.includes(guest)) await team.start(guest)
      else if (roll(2) === 0) await team.kill(guest)
      else {
        const wrong = await team.stop(guest)
        if (wrong !== undefined) breach(wrong)
      }
      await pause(stormStepMs)
    }
    for (const guest of guests) if (team.names.includes(guest)) await team.kill(guest)
    return true
  }

const delayedCommit: Fault = async ({ proxy, roll }) => {
  const mischief = roll(2) === 0 ? 'cut' : { delayMs: 6_000 + roll(3_000) }
  return Promise.race([proxy.strike(mischief).then(() => true), pause(10_000, false, { ref: false })])
}

const killAndStart = async ({ team, roll }: Scene, name: string): Promise<void> => {
  await pause(roll(randomMsMax))
  await team.kill(name)
  await team.start(name)
}

const freeze = async ({ team }: Scene, name: string): Promise<void> => {
  const victim = team.victim(name)
  victim.signal('SIGSTOP')
  await pause(frozenMs)
  victim.signal('SIGCONT')
}

/** What can be done to one runner while the others and the broker suffer from something else. */
const atOnce: readonly ((scene: Scene, name: string) => Promise<unknown>)[] = [
  ...[killAndStart, freeze, killAndStart, freeze],
  ...[brokerRestart, brokerFrozen(5_000), cut, slowLine, delayedCommit, poisonAlone, burst],
]
const togetherMax = 3
const apartMsMax = 3_000

/** Any three of them, each to another runner. */
const threeAtOnce: Fault = async scene => {
  const { roll } = scene
  const left = [...atOnce]
  const names = [...crew]
  const take = <T>(from: T[]): T => from.splice(roll(from.length), 1)[0]!
  const chosen = Array.from({ length: togetherMax }, () => {
    const attack = take(left)
    const name = take(names)
    const afterMs = roll(apartMsMax)
    return pause(afterMs).then(() => attack(scene, name))
  })
  await Promise.all(chosen)
  return true
}

export const faults = {
  kill,
  'kill in a commit': killInCommit,
  'kill in an open transaction': killInOpenTransaction,
  'kill in a torn commit': killInTornCommit,
  'kill of all': killAll,
  'kill without a restart': leave,
  stop,
  zombie,
  'two zombies': twoZombies,
  'broker restart': brokerRestart,
  'broker frozen': brokerFrozen(12_000),
  'broker frozen for 40 s': brokerFrozen(40_000),
  'broker down for 70 s': brokerDown,
  'broker down at start': brokerAwayAtStart,
  storm: storm(10),
  'long storm': storm(30),
  'delayed commit': delayedCommit,
  'connections cut': cut,
  'slow line that loses': slowLine,
  'poison alone': poisonAlone,
  'burst on one key': burst,
  'same name on this machine': twin('here'),
  'same name on another machine': twin('elsewhere'),
  'three at once': threeAtOnce,
} satisfies Readonly<Record<string, Fault>>

export type FaultName = keyof typeof faults

/** How soon all partitions go on once the fault is over. */
export const goesOnWithinMs: Readonly<Record<FaultName, number>> = {
  ...{
    kill: restartMs,
    'kill in a commit': restartMs,
    'kill in an open transaction': restartMs,
    'kill in a torn commit': restartMs,
    'kill of all': restartMs,
    stop: restartMs,
  },
  ...{ 'kill without a restart': restartMs, zombie: restartMs, 'two zombies': restartMs, 'delayed commit': handoverMs },
  ...{ 'broker restart': brokerRestartMs, 'broker frozen': brokerRestartMs, 'broker down for 70 s': brokerRestartMs },
  ...{ 'broker frozen for 40 s': brokerRestartMs, 'broker down at start': brokerRestartMs },
  ...{ 'connections cut': handoverMs, 'slow line that loses': handoverMs },
  ...{ 'poison alone': restartMs, 'burst on one key': brokerRestartMs },
  ...{ 'same name on this machine': restartMs, 'same name on another machine': handoverMs },
  'three at once': brokerRestartMs,
  // A guest that was killed last keeps its partitions until its session and its transaction end.
  ...{ storm: handoverMs, 'long storm': handoverMs },
}
