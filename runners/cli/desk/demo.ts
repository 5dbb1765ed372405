import { setTimeout as pause } from 'node:timers/promises'
import { madeUp } from '../../../pipelines/desk/made-up.ts'
import type { ApiMessageInput } from '../../../schemas/desk/generated/desk.ts'
import type { SourceConnector } from '../../../topology/index.ts'

export interface DemoOptions {
  readonly perSecond: number
  /** In all, over all starts: a forgotten demonstration must not fill the disk. */
  readonly ticketsMax: number
}

/** Files made-up tickets, and knows after a restart how many there are. */
export const demoSource = ({ perSecond, ticketsMax }: DemoOptions): SourceConnector<string, ApiMessageInput> => ({
  async open(feed) {
    let stopping = false
    const over = new AbortController()
    const ended = (async () => {
      for (let number = Number(feed.cursor ?? 0) + 1; number <= ticketsMax && !stopping; number++) {
        await feed.append([{ key: `demo-${number}`, value: demoTicket(number) }], String(number))
        await pause(1_000 / perSecond, undefined, { signal: over.signal }).catch(() => {})
      }
      if (!stopping) feed.note('info', `${ticketsMax} demo tickets are enough: no more are made`)
    })()
    // Only what goes wrong ends it: having made enough does not.
    const broken = new Promise<never>((_, reject) => {
      ended.catch(reject)
    })
    broken.catch(() => {})
    return {
      ended: broken,
      async close() {
        stopping = true
        over.abort()
        await ended.catch(() => {})
      },
    }
  },
})

const demoTicket = (number: number): ApiMessageInput => {
  const { contact, subject, body } = madeUp(number, Math.random)
  return {
    ...{ title: subject, description: body, userName: contact, timestamp: new Date().toISOString() },
    ...{ idempotencyKey: `demo-${number}`, origin: 'Demo' },
  }
}
