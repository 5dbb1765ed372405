import { type DeadLetter, type DeadLetters, Unfit } from '../../../../dashboards/api/index.ts'
import { ticketsFormattedDlq, ticketsLabeledDlq } from '../../../../schemas/desk/topics.ts'
import { type JsonValues, jsonValues, type OpenRegistry } from '../../../../schemas/index.ts'
import type { Partition, StoredRecord } from '../../../../topology/ports/log.ts'
import { headersBack, letterOf } from '../../dead-letters/letter.ts'
import type { OpenedLog } from '../../open-log.ts'
import { shown } from '../../shown.ts'
import { partitionsOf } from '../../topic.ts'

/** Letters are looked through backwards in steps of so many, and no further back than so far. */
const stepRecords = 200
const scannedMax = 20_000

const topics = [ticketsFormattedDlq.name, ticketsLabeledDlq.name] as const
const prefix = '__streams.errors.'

interface Place extends Partition {
  readonly offset: number
}

const idOf = ({ topic, partition, offset }: Place): string => `${topic}-${partition}-${offset}`

const placeOf = (id: string): Place | undefined => {
  const [, topic, partition, offset] = /^(.+)-(\d+)-(\d+)$/.exec(id) ?? []
  return topics.some(name => name === topic)
    ? { topic: topic!, partition: Number(partition), offset: Number(offset) }
    : undefined
}

/** The dead letters of the desk, to be looked at and sent back. */
export class DeskDeadLetters implements DeadLetters {
  readonly #opened: OpenedLog
  readonly #values: JsonValues
  /** When this process sent one back. */
  readonly #redriven = new Map<string, string>()

  constructor(opened: OpenedLog, registry: OpenRegistry) {
    this.#opened = opened
    this.#values = jsonValues(registry)
  }

  async topics(): Promise<{ readonly name: string; readonly records: number }[]> {
    const { log } = this.#opened
    return Promise.all(
      topics.map(async name => {
        const places = partitionsOf({ name, partitions: (await log.topic(name))?.partitions ?? 0 })
        const ends = await Promise.all(places.map(place => log.ends(place)))
        return { name, records: ends.reduce((sum, { first, next }) => sum + next - first, 0) }
      }),
    )
  }

  async list({ topic, text, before, limit }: Parameters<DeadLetters['list']>[0]): Promise<DeadLetter[]> {
    const last = before === undefined ? undefined : await this.show(before)
    const found: DeadLetter[] = []
    for (const name of topics.filter(each => topic === undefined || each === topic))
      for await (const [place, record] of backwards(this.#opened, name)) {
        const letter = await this.#letter(place, record)
        if (last !== undefined && newestFirst(last, letter) >= 0) continue
        if (text !== undefined && !JSON.stringify(letter).toLowerCase().includes(text.toLowerCase())) continue
        found.push(letter)
      }
    return found.sort(newestFirst).slice(0, limit)
  }

  async show(id: string): Promise<DeadLetter | undefined> {
    const place = placeOf(id)
    const record = place && (await this.#recordAt(place))
    return record && this.#letter(place!, record)
  }

  async redrive(id: string, value?: string): Promise<{ readonly topic: string; readonly partition: number }> {
    const place = placeOf(id)
    const record = place && (await this.#recordAt(place))
    const letter = record && letterOf(record)
    if (letter === undefined) throw new Unfit(`${id} does not say which record it was, so that it cannot go back`)
    const { topic, partition } = letter.origin
    const { format } = await this.#content(topic, record!.value)
    const bytes = value === undefined ? record!.value : await this.#bytes(topic, format, value)
    const headers = headersBack(record!.headers, letter.attempt + 1)
    const back = { key: record!.key, value: bytes, timestamp: Date.now(), headers }
    await this.#opened.operations.append([{ topic, partition, records: [back] }])
    this.#redriven.set(id, new Date().toISOString())
    return { topic, partition }
  }

  async #recordAt(place: Place): Promise<StoredRecord | undefined> {
    const { log } = this.#opened
    if (place.partition >= ((await log.topic(place.topic))?.partitions ?? 0)) return undefined
    const [record] = (await log.read(place, place.offset, 1)).records
    return record?.offset === place.offset ? record : undefined
  }

  async #letter(place: Place, record: StoredRecord): Promise<DeadLetter> {
    const letter = letterOf(record)
    const headers = record.headers.map(([name, value]) => {
      return { name, value: value === null ? '' : Buffer.from(value).toString() }
    })
    const header = (name: string) => headers.find(each => each.name === prefix + name)?.value ?? null
    return {
      id: idOf(place),
      ...{ topic: place.topic, partition: place.partition, offset: place.offset },
      at: new Date(record.timestamp).toISOString(),
      key: shown(record.key),
      ...(await this.#content(letter?.origin.topic ?? place.topic, record.value)),
      headers: headers.filter(({ name }) => !name.startsWith(prefix)),
      error: { message: header('message') ?? '', exception: header('exception'), stack: header('stacktrace') },
      origin: letter?.origin ?? null,
      attempts: (letter?.attempt ?? 0) + 1,
      redriven_at: this.#redriven.get(idOf(place)) ?? null,
    }
  }

  async #content(topic: string, bytes: Uint8Array | null): Promise<Pick<DeadLetter, 'value' | 'format'>> {
    if (bytes === null) return { value: null, format: 'text' }
    const json = await this.#values.read(topic, bytes).catch(() => undefined)
    if (json !== undefined) return { value: json, format: 'json' }
    const text = Buffer.from(bytes).toString()
    if (Buffer.from(text).equals(Buffer.from(bytes))) return { value: text, format: 'text' }
    return { value: Buffer.from(bytes).toString('base64'), format: 'base64' }
  }

  /** An edited value as the bytes that its topic takes. */
  async #bytes(topic: string, format: DeadLetter['format'], value: string): Promise<Uint8Array> {
    if (format === 'base64') return Buffer.from(value, 'base64')
    try {
      return (await this.#values.write(topic, value)) ?? Buffer.from(value)
    } catch (error) {
      throw new Unfit((error as Error).message, { cause: error })
    }
  }
}

const newestFirst = (one: DeadLetter, other: DeadLetter): number =>
  other.at.localeCompare(one.at) || other.id.localeCompare(one.id)

/** Records of a topic from its ends backwards, partition by partition. */
async function* backwards({ log }: OpenedLog, topic: string): AsyncGenerator<readonly [Place, StoredRecord]> {
  const partitions = (await log.topic(topic))?.partitions ?? 0
  for (let partition = 0; partition < partitions; partition++) {
    const { first, next } = await log.ends({ topic, partition })
    for (let end = next; end > Math.max(first, next - scannedMax); end -= stepRecords) {
      const from = Math.max(first, end - stepRecords)
      const { records } = await log.read({ topic, partition }, from, end - from)
      for (const record of [...records].reverse())
        if (record.offset < end) yield [{ topic, partition, offset: record.offset }, record]
    }
  }
}
