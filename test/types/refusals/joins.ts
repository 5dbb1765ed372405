import { topology, windowed } from '../../../topology/index.ts'
import { customerId, customers, drawn, opened, replied, ticketFormat, ticketId } from './desk.ts'

export const wrongKeyInAJoin = drawn(({ tickets, people }) =>
  // refuses at `people`: Type 'CustomerId' is not assignable to type 'TicketId'
  tickets.join(people, (ticket, person) => ({ ...ticket, tier: person.tier })).discard(),
)

export const rowOfALeftJoinTakenForGranted = drawn(({ tickets, people }) =>
  tickets
    .rekey('by-customer', ticket => ticket.customer, { key: customerId })
    // refuses at `person.tier`: 'person' is possibly 'undefined'
    .join(people, (ticket, person) => ({ ...ticket, tier: person.tier }), { kind: 'left' })
    .discard(),
)

export const joinThatWaitsWithoutAFormat = drawn(({ tickets, people }) =>
  tickets
    .rekey('by-customer', ticket => ticket.customer, { key: customerId })
    .map(ticket => ticket.subject)
    // refuses at `grace`: join: with grace its values are stored, give the step before it `as: format`
    .join(people, (subject, person) => `${person.name}: ${subject}`, { grace: '5m', buffer: 'waiting' })
    .discard(),
)

export const joinThatWaitsWithoutAName = drawn(({ tickets, people }) =>
  tickets
    .rekey('by-customer', ticket => ticket.customer, { key: customerId })
    // refuses at `{ grace`: Property 'buffer' is missing in type
    .join(people, ticket => ticket, { grace: '5m' })
    .discard(),
)

export const wrongKeyInAJoinWithin = topology('refused', draft =>
  draft
    .stream(opened)
    // refuses at `draft`: Type 'CustomerId' is not assignable to type 'TicketId'
    .joinWithin('answers', draft.stream(customers), {
      within: '1h',
      grace: '5m',
      merge: ticket => ticket,
    })
    .discard(),
)

export const joinWithinWithoutGrace = drawn(({ tickets, replies }) =>
  tickets
    // refuses at `{`: Property 'grace' is missing in type
    .joinWithin('answers', replies, {
      within: '1h',
      merge: (ticket, reply) => ({ ...ticket, seconds: reply.seconds }),
    })
    .discard(),
)

export const joinWithinOfABareStream = drawn(({ tickets, replies }) =>
  tickets
    .map(ticket => ticket.subject)
    // refuses at `'answers'`: joinWithin: its values cannot be written, give the step before it `as: format`
    .joinWithin('answers', replies, { within: '1h', grace: '5m', merge: subject => subject })
    .discard(),
)

export const joinWithinWithABareStream = drawn(({ tickets, replies }) =>
  tickets
    .joinWithin(
      'answers',
      // refuses at `replies`: its values cannot be written, give the step before it `as: format`
      replies.map(reply => reply.seconds),
      { within: '1h', grace: '5m', merge: ticket => ticket },
    )
    .discard(),
)

export const missingSideOfAnOuterJoin = drawn(({ tickets, replies }) =>
  tickets
    .joinWithin('answers', replies, {
      within: '1h',
      grace: '5m',
      kind: 'outer',
      // refuses at `ticket.subject`: 'ticket' is possibly 'undefined'
      merge: ticket => ticket.subject,
    })
    .discard(),
)

export const wrongKeyInALookup = topology('refused', draft => {
  const people = draft.globalTable('customers', customers)
  draft
    .stream(opened)
    // refuses at `ticket.id`: Type 'TicketId' is not assignable to type 'CustomerId'
    .lookup(people, { key: ticket => ticket.id, with: (ticket, person) => ({ ...ticket, tier: person.tier }) })
    .discard()
})

export const lookupInATableThatIsNotGlobal = drawn(({ tickets, people }) =>
  // refuses at `people`: is missing in type 'Table<CustomerId, Customer>' but required in type 'GlobalTable
  tickets.lookup(people, { key: ticket => ticket.customer, with: ticket => ticket }).discard(),
)

export const joinWithAGlobalTable = topology('refused', draft =>
  draft
    .stream(opened)
    // refuses at `draft`: Type 'GlobalTable<TicketId, Reply>' is missing the following properties from type 'Table<TicketId
    .join(draft.globalTable('replies', replied), ticket => ticket)
    .discard(),
)

export const wrongKeyInATableLookup = topology('refused', draft =>
  draft
    .table('tickets', opened)
    .lookup('with-customers', draft.table('customers', customers), {
      // refuses at `ticket.id`: Type 'TicketId' is not assignable to type 'CustomerId'
      key: ticket => ticket.id,
      with: ticket => ticket,
      as: ticketFormat,
    })
    .changes()
    .to(opened),
)

export const joinOfTablesOfDifferentKeys = topology('refused', draft =>
  draft
    .table('tickets', opened)
    // refuses at `draft`: Type 'CustomerId' is not assignable to type 'TicketId'
    .join(draft.table('customers', customers), ticket => ticket, { as: ticketFormat })
    .changes()
    .to(opened),
)

export const windowedRowsJoinedByTheirPlainKey = drawn(({ tickets, replies }) => {
  const hours = tickets.group().tumbling({ size: '1h', grace: '5m' }).count('tickets-per-hour')
  // refuses at `hours`: Type 'Windowed<TicketId>' is not assignable to type 'TicketId'
  replies.join(hours, (reply, count) => reply.seconds / count).discard()
})

export const _windowedKeys = windowed(ticketId, '1h')
