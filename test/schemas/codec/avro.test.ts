import { describe, expect, test } from 'vitest'
import { avro } from '../../../schemas/codec/avro.ts'
import { aTicket, StubRegistry, type Ticket, ticketSchema } from './ticket.ts'

const value = { topic: 'tickets-formatted', part: 'value' } as const

describe('a ticket', () => {
  test('is read back as it was written, after a zero and the id of its schema', async () => {
    const codec = await avro<Ticket>(ticketSchema).open(value, new StubRegistry())
    const bytes = codec.encode(aTicket)
    expect([...bytes.subarray(0, 6)]).toEqual([0, 0, 0, 0, 1, 72])
    expect(codec.decode(bytes)).toStrictEqual(aTicket)
  })
})
