import { trace } from '@opentelemetry/api'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { describe, expect, test } from 'vitest'
import { run } from '../../runners/host/index.ts'
import { text, topic, topology } from '../../topology/index.ts'
import { lacks } from '../parts/parts.ts'
import { World } from './world.ts'

describe.skipIf(lacks('kafka', 'kafka client'))('spans', () => {
  test('of a commit link to those of the commits that its records came from, over topics', async () => {
    const exporter = new InMemorySpanExporter()
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }))
    const world = await World.open('spans', 1)
    try {
      const texts = (name: string) => topic(name, { key: text, value: text })
      await world.log.create([{ name: 'spans-between', partitions: 1, cleanup: 'delete' }])
      const first = topology('spans-first', draft => draft.stream(texts('spans-lines')).to(texts('spans-between')))
      const second = topology('spans-second', draft => draft.stream(texts('spans-between')).to(texts('spans-counts')))
      const running = await Promise.all([first, second].map(each => run(each, { log: world.log, instance: 'one' })))
      await world.send(['a', 'b', 'c'], 1)
      await world.come(3)
      for (const each of running) await each.stop()
      const spans = (name: string) => exporter.getFinishedSpans().filter(span => span.name === `${name} commit`)
      const made = new Set(spans('spans-first').map(span => span.spanContext().spanId))
      const linked = spans('spans-second').flatMap(({ links }) => links.map(({ context }) => context.spanId))
      expect(linked.length).toBeGreaterThan(0)
      expect(linked.every(id => made.has(id))).toBe(true)
      const [span] = spans('spans-second').filter(({ links }) => links.length > 0)
      expect(span?.attributes).toMatchObject({
        'messaging.system': 'kafka',
        'messaging.consumer.group.name': 'spans-second',
        'franz.outcome': 'committed',
      })
    } finally {
      trace.disable()
      await world.close()
    }
  })
})
