// Absturz: failures of all services, told on Discord. Owns: how often it speaks, and what it does when nobody listens.
// A1  one message is under way, and between two lies a pause: an outage of others makes larger messages, not more of them.
// A2  what Discord does not take is told in the log and passed over; it stays in the topic.

import { setTimeout as pause } from 'node:timers/promises'
import type { OpenSink, Outgoing, SinkConnector } from '../../../topology/index.ts'
import { type Posted, post } from './post.ts'
import { messageOf } from './report.ts'

/** A failure, as it stands in the topic of errors. */
export interface ErrorReport {
  readonly service: string
  readonly topic: string
  readonly source: { readonly partition: number; readonly offset: bigint } | null
  readonly deadLetterTopic: string | null
  readonly message: string
  readonly content: string | null
  readonly timestamp: number
}

export interface AbsturzOptions {
  /** The webhook's address: whoever has it can write there, so it is told to nobody. */
  readonly url: string
  /** Between two messages; 5,000 unless told. */
  readonly pauseMs?: number | undefined
}

const limits = { pauseMs: 5_000, tries: 3, betweenTriesMs: 1_000 } as const

/**
 * A sink that tells failures on Discord by a webhook, grouped, and not more often than people can read.
 * @example sinks: { 'absturz-webhook': absturzSink({ url: process.env.DISCORD_WEBHOOK_URL }) }
 */
export const absturzSink = ({
  url,
  pauseMs = limits.pauseMs,
}: AbsturzOptions): SinkConnector<string, ErrorReport | string> => ({
  async open({ note, signal }) {
    const stop = signal as AbortSignal
    let spokeAtMs = Number.NEGATIVE_INFINITY
    const sink: OpenSink<string, ErrorReport | string> = {
      async deliver(records: readonly Outgoing<string, ErrorReport | string>[]) {
        const reports = records.flatMap(record => reportIn(record) ?? [])
        if (reports.length === 0) return undefined
        await rest(spokeAtMs + pauseMs - performance.now(), stop)
        const body = JSON.stringify(messageOf(reports))
        const posted = await patiently(() => post(url, body, {}, stop), stop)
        spokeAtMs = performance.now()
        if (posted.outcome !== 'taken')
          note(
            'error',
            `Discord's webhook did not take ${reports.length} reports: ${posted.why}. They stay in the topic.`,
          )
        return undefined
      },
      close: async () => {},
    }
    return sink
  },
})

/** A record that is no report is told as it is. */
const reportIn = ({ topic, partition, offset, timestamp, value }: Outgoing<string, ErrorReport | string>) =>
  typeof value !== 'string'
    ? value
    : {
        ...{ service: 'unknown', topic, source: { partition, offset: BigInt(offset) }, deadLetterTopic: null },
        ...{ message: 'a record that is no report', content: value, timestamp },
      }

const rest = async (ms: number, signal: AbortSignal): Promise<void> => {
  if (ms > 0) await pause(ms, undefined, { signal })
}

const patiently = async (attempt: () => Promise<Posted>, signal: AbortSignal): Promise<Posted> => {
  for (let tries = 1; ; tries++) {
    const posted = await attempt()
    if (posted.outcome !== 'later' || tries === limits.tries) return posted
    await rest(Math.max(posted.afterMs, limits.betweenTriesMs * tries), signal)
  }
}
