import { canceller } from '../../abort.ts'
import type { OpenSink, Outgoing, SinkConnector } from '../../ports/connectors.ts'
import { type Check, equal, holds } from './check.ts'

/**
 * The outside world of one check: what a sink writes there.
 * @example const isEmpty = async ({ written }: OutsideSink) => (await written()).length === 0
 */
export interface OutsideSink {
  readonly connector: SinkConnector
  /** The content of a record of this name, as the sink takes it; null deletes. */
  content(name: string): { readonly key: unknown; readonly value: unknown }
  /** Names of what stands outside now, in the order in which it was written. */
  written(): Promise<readonly string[]>
  close?(): Promise<void> | void
}

/**
 * How a suite gets at the sink that it examines.
 * @example const outboxes: SinkSubject = { open: newOutbox, topic: 'tickets', twice: 'once', keepsPositions: true }
 */
export interface SinkSubject {
  open(): Promise<OutsideSink>
  /** The topic of its records. */
  readonly topic: string
  /** What stands outside when a batch is delivered a second time, as after a crash before its position was committed. */
  readonly twice: 'once' | 'again'
  readonly keepsPositions: boolean
}

type Make = (name: string, run: (world: SinkWorld) => Promise<void>) => Check

/** A sink with its outside: opened as the runner would, as often as a check likes. */
class SinkWorld {
  readonly outside: OutsideSink
  readonly topic: string
  readonly #open: OpenSink<unknown, unknown>[] = []

  constructor(outside: OutsideSink, topic: string) {
    this.outside = outside
    this.topic = topic
  }

  async open(logId = 'log-1'): Promise<OpenSink<unknown, unknown>> {
    const opened = (await this.outside.connector.open({
      topology: 'contract',
      name: 'sink',
      logId,
      signal: canceller().signal,
      note: () => {},
      async *read() {},
    })) as OpenSink<unknown, unknown>
    this.#open.push(opened)
    return opened
  }

  records(from: number, ...names: readonly string[]): Outgoing<unknown, unknown>[] {
    return names.map((name, at) => ({
      ...{ topic: this.topic, partition: 0, offset: from + at, timestamp: 1_000 + at, headers: [] },
      ...this.outside.content(name),
    }))
  }

  async end(): Promise<void> {
    await this.outside.close?.()
  }
}

/**
 * The promises of a sink connector, whatever it writes to.
 * @example for (const { name, run } of sinkContract(outboxes)) test(name, run)
 */
export const sinkContract = (subject: SinkSubject): readonly Check[] => {
  const check: Make = (name, run) => ({
    name: `sink: ${name}`,
    async run() {
      const world = new SinkWorld(await subject.open(), subject.topic)
      try {
        await run(world)
      } finally {
        await world.end()
      }
    },
  })
  return [...writingChecks(check, subject), ...(subject.keepsPositions ? positionChecks(check) : [])]
}

const writingChecks = (check: Make, { twice }: SinkSubject): Check[] => [
  check('has written a batch when deliver resolves, in its order', async world => {
    const sink = await world.open()
    await sink.assigned?.([{ topic: world.topic, partition: 0 }])
    await sink.deliver(world.records(0, 'a', 'b'))
    equal(await world.outside.written(), ['a', 'b'], 'what stands outside')
    await sink.deliver(world.records(2, 'c'))
    equal(await world.outside.written(), ['a', 'b', 'c'], 'what stands outside')
    await sink.close()
  }),
  check('bears a batch a second time, as after a crash', async world => {
    const first = await world.open()
    await first.assigned?.([{ topic: world.topic, partition: 0 }])
    await first.deliver(world.records(0, 'a', 'b'))
    await first.close()
    const second = await world.open()
    await second.assigned?.([{ topic: world.topic, partition: 0 }])
    await second.deliver(world.records(0, 'a', 'b'))
    await second.deliver(world.records(2, 'c'))
    await second.close()
    const written = await world.outside.written()
    if (twice === 'once') equal(written, ['a', 'b', 'c'], 'what stands outside')
    else holds(written.includes('a') && written.includes('b') && written.at(-1) === 'c', 'nothing is missing')
  }),
  check('closes without having been given anything', async world => {
    await (await world.open()).close()
    equal(await world.outside.written(), [], 'what stands outside')
  }),
]

const positionChecks = (check: Make): Check[] => [
  check('says at its next assignment up to where it has written', async world => {
    const at = { topic: world.topic, partition: 0 }
    const first = await world.open()
    await first.assigned!([at])
    await first.deliver(world.records(5, 'a', 'b'))
    await first.close()
    const second = await world.open()
    equal(await second.assigned!([at]), [{ ...at, offset: 7 }], 'its positions')
    await second.close()
  }),
  check('knows no positions of another log', async world => {
    const at = { topic: world.topic, partition: 0 }
    const first = await world.open('log-1')
    await first.assigned!([at])
    await first.deliver(world.records(5, 'a'))
    await first.close()
    const second = await world.open('log-2')
    const behind = (await second.assigned!([at])).filter(({ offset }) => offset > 0)
    equal(behind, [], 'positions that would skip what the new log holds')
    await second.deliver(world.records(0, 'b'))
    await second.close()
    equal((await world.outside.written()).at(-1), 'b', 'the last that was written')
  }),
]
