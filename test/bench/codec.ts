import avsc from 'avsc'
import { avro } from '../../schemas/codec/avro.ts'
import { aTicket, StubRegistry, type Ticket, ticketSchema } from '../schemas/codec/ticket.ts'
import { type Figure, figure, median } from './figure.ts'

const rounds = 81
const opsPerRound = 20_000
/** Until then the compiler is still at work. */
const warmUpRounds = 10

/** Nanoseconds for one call. */
const timed = (work: () => unknown): number => {
  const start = process.hrtime.bigint()
  let kept: unknown
  for (let turn = 0; turn < opsPerRound; turn++) kept = work()
  const elapsed = Number(process.hrtime.bigint() - start) / opsPerRound
  if (kept === undefined) throw new Error('the work gave nothing')
  return elapsed
}

/** How fast `ours` is, as a part of the speed of `bare`: the median over rounds in which the two take turns. */
const ratio = (ours: () => unknown, bare: () => unknown): number => {
  const ratios = Array.from({ length: rounds }, () => timed(bare) / timed(ours))
  return median(ratios.slice(warmUpRounds))
}

/** The ticket as it was before it had an origin and tags. */
const olderTicket = {
  ...JSON.parse(ticketSchema),
  fields: JSON.parse(ticketSchema)
    .fields.filter((field: { name: string }) => field.name !== 'tags')
    .concat({ name: 'source', type: ['null', 'string'], default: null }),
}

/** Our codec beside avsc by itself, on the same bytes, in one run. */
export const figures = async (): Promise<Figure[]> => {
  const place = { topic: 'tickets-formatted', part: 'value' } as const
  const registry = new StubRegistry()
  const codec = await avro<Ticket>(ticketSchema).open(place, registry)
  const older = await avro<unknown>(olderTicket).open(place, registry)
  const bare = avsc.Type.forSchema(JSON.parse(ticketSchema))
  const bareOlder = avsc.Type.forSchema(olderTicket)
  const resolver = bare.createResolver(bareOlder)

  const framed = codec.encode(aTicket)
  const datum = Buffer.from(framed.subarray(5))
  const framedOlder = older.encode({ ...aTicket, source: 'a mail' })
  const datumOlder = Buffer.from(framedOlder.subarray(5))
  await codec.prepare?.(framedOlder)

  const encoding = ratio(
    () => codec.encode(aTicket),
    () => bare.toBuffer(aTicket),
  )
  const decoding = ratio(
    () => codec.decode(framed),
    () => bare.fromBuffer(datum),
  )
  const resolving = ratio(
    () => codec.decode(framedOlder),
    () => bare.fromBuffer(datumOlder, resolver),
  )
  return [
    figure('encode a ticket / bare avsc', encoding, 'x', { least: 1 }),
    figure('decode a ticket / bare avsc', decoding, 'x', { least: 0.8 }),
    figure('decode an older ticket / bare avsc, same resolver', resolving, 'x', { least: 0.75 }),
  ]
}
