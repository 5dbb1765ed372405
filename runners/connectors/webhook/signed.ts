import { createHmac } from 'node:crypto'
import type { Delivery, OpenSink, Outgoing, SinkConnector } from '../../../topology/index.ts'
import { post } from './post.ts'

export interface SignedWebhookOptions {
  readonly url: string
  /** Shared with whoever receives: it proves who sent. */
  readonly secret: string
}

/** What stands in `x-franz-signature`: base64(HMAC-SHA256(secret, timestamp + body)). */
export const signatureOf = (secret: string, timestamp: string, body: string): string =>
  createHmac('sha256', secret).update(timestamp).update(body).digest('base64')

/**
 * A sink that posts each record as JSON to any address, signed. `x-franz-id` names the record for ever, so that a receiver
 * knows one again that comes twice. A receiver that is away is waited for; one that refuses a record makes it a dead letter.
 * @example sinks: { billing: signedWebhookSink({ url: 'https://example.org/tickets', secret: process.env.BILLING_SECRET }) }
 */
export const signedWebhookSink = ({ url, secret }: SignedWebhookOptions): SinkConnector<unknown, unknown> => ({
  async open({ logId, signal }) {
    const idOf = ({ topic, partition, offset }: Outgoing<unknown, unknown>) =>
      `${logId}/${topic}/${partition}/${offset}`
    // A batch that broke off comes again: what was answered of it is not sent twice by the same process.
    const answered = new Map<string, string | undefined>()
    /** Why it was refused; undefined where it was taken. */
    const sent = async (id: string, { topic, timestamp, key, value }: Outgoing<unknown, unknown>) => {
      const body = JSON.stringify({ topic, timestamp, key, value }, plain)
      const sentAt = String(Date.now())
      const signature = signatureOf(secret, sentAt, body)
      const headers = { 'x-franz-id': id, 'x-franz-timestamp': sentAt, 'x-franz-signature': signature }
      const posted = await post(url, body, headers, signal as AbortSignal)
      if (posted.outcome === 'later') throw new Error(`the webhook does not take it now: ${posted.why}`)
      return posted.outcome === 'refused' ? `the webhook refuses it: ${posted.why}` : undefined
    }
    const sink: OpenSink<unknown, unknown> = {
      async deliver(records): Promise<Delivery> {
        for (const record of records) {
          const id = idOf(record)
          if (!answered.has(id)) answered.set(id, await sent(id, record))
        }
        const refused = records.flatMap(record => {
          const reason = answered.get(idOf(record))
          return reason === undefined ? [] : [{ record, reason }]
        })
        answered.clear()
        return { refused }
      },
      close: async () => {},
    }
    return sink
  },
})

/** JSON has no whole numbers of 64 bits and no bytes. */
function plain(this: Readonly<Record<string, unknown>>, name: string, value: unknown): unknown {
  const itself = this[name]
  if (itself instanceof Uint8Array) return Buffer.from(itself).toString('base64')
  if (typeof value !== 'bigint') return value
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
}
