import { type Link, type Span, type SpanContext, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api'
import type { Appends, Commit, Fetched, Headers, LogRecord, Outcome } from '../../topology/ports/log.ts'

/** The header by which spans of other programs are known, as W3C Trace Context has it. */
const header = 'traceparent'
/** A span of one commit has so many links at most: its records may come from many. */
const linksMax = 64

/**
 * One span for each commit: from its first record to its outcome, with links to the spans that its records came from, over
 * whatever topics and programs. What it appends carries it on. Where nobody collects spans, it costs nothing.
 */
export class CommitSpans {
  readonly #tracer = trace.getTracer('franz')
  readonly #group: string
  readonly #instance: string
  #span: Span | undefined
  #links = new Map<string, Link>()
  #records = 0

  constructor(group: string, instance: string) {
    this.#group = group
    this.#instance = instance
  }

  /** Records of the commit that is to come. */
  read(fetched: readonly Fetched[]): void {
    if (fetched.every(({ records }) => records.length === 0)) return
    const span = this.#begun()
    if (!span.isRecording()) return
    for (const { records } of fetched) {
      this.#records += records.length
      for (const { headers } of records) if (headers.length > 0) this.#link(headers)
    }
  }

  #begun(): Span {
    this.#span ??= this.#tracer.startSpan(`${this.#group} commit`, {
      kind: SpanKind.CONSUMER,
      attributes: {
        'messaging.system': 'kafka',
        'messaging.consumer.group.name': this.#group,
        'messaging.client.id': this.#instance,
      },
    })
    return this.#span
  }

  #link(headers: Headers): void {
    const found = headers.find(([name]) => name === header)?.[1]
    if (!found || this.#links.size >= linksMax) return
    const context = contextOf(Buffer.from(found).toString('latin1'))
    if (context !== undefined) this.#links.set(context.spanId, { context })
  }

  /** The same records, with this commit as where they come from. */
  carried(appends: readonly Appends[]): readonly Appends[] {
    const span = this.#begun()
    if (!span.isRecording()) return appends
    const { traceId, spanId, traceFlags } = span.spanContext()
    const value = Buffer.from(`00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`)
    const carrying = (record: LogRecord): LogRecord => ({
      ...record,
      headers: [...record.headers.filter(([name]) => name !== header), [header, value]],
    })
    return appends.map(append => ({ ...append, records: append.records.map(carrying) }))
  }

  /** The commit has ended, or what was read was given up. */
  ended(outcome: Outcome | 'given up', commit?: Commit): void {
    const span = this.#span
    this.#span = undefined
    if (span?.isRecording()) {
      span.addLinks([...this.#links.values()])
      span.setAttributes({
        'messaging.batch.message_count': this.#records,
        'franz.changes': commit?.changes.reduce((sum, { entries }) => sum + entries.length, 0) ?? 0,
        'franz.outcome': outcome,
      })
      if (outcome !== 'committed') span.setStatus({ code: SpanStatusCode.ERROR, message: outcome })
      span.end()
    }
    this.#links = new Map()
    this.#records = 0
  }
}

const contextOf = (traceparent: string): SpanContext | undefined => {
  const [, traceId, spanId, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent) ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true }
}
