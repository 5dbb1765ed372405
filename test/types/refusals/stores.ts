import { keyed, text, topic, topology, whole, windowed } from '../../../topology/index.ts'
import { drawn, labeller, opened, scores, ticketFormat, ticketId } from './desk.ts'

// refuses at `count`: Expected 1-2 arguments, but got 0
export const unnamedCount = drawn(({ tickets }) => tickets.group().count())

export const reduceOfABareStream = drawn(({ tickets }) => {
  const lengths = tickets.map(ticket => ticket.subject.length).group()
  // refuses at `'longest'`: reduce: its values cannot be written, give the step before it `as: format`
  lengths.reduce('longest', (longest, length) => Math.max(longest, length))
})

export const reduceOfWindowsOfABareStream = drawn(({ tickets }) => {
  const lengths = tickets
    .map(ticket => ticket.subject.length)
    .group()
    .tumbling({ size: '1h', grace: '5m' })
  // refuses at `'longest'`: reduce: its values cannot be written, give the step before it `as: format`
  lengths.reduce('longest', (longest, length) => Math.max(longest, length))
})

export const reduceThatGivesAnotherKind = drawn(({ tickets }) => {
  // refuses at `other.score`: Type 'number' is not assignable to type 'Ticket'
  tickets.group().reduce('highest', (_highest, other) => other.score)
})

export const aggregateWithAWrongState = drawn(({ tickets }) => {
  tickets.group().aggregate('sums', {
    // refuses at `'none'`: Type 'string' is not assignable to type 'number'
    init: () => 'none',
    add: (sum, ticket) => sum + ticket.score,
    as: whole,
  })
})

export const aggregateThatGivesAWrongState = drawn(({ tickets }) => {
  tickets.group().aggregate('sums', {
    init: () => 0,
    // refuses at `ticket.subject`: Type 'string' is not assignable to type 'number'
    add: (_sum, ticket) => ticket.subject,
    as: whole,
  })
})

export const aggregateWithoutAFormat = drawn(({ tickets }) => {
  // refuses at `{ init`: Property 'as' is missing in type
  tickets.group().aggregate('sums', { init: () => 0, add: sum => sum })
})

export const promiseInAnAggregate = drawn(({ tickets }) => {
  tickets.group().aggregate('sums', {
    init: () => 0,
    // refuses at `sum + ticket`: Type 'Promise<number>' is not assignable to type 'number'
    add: async (sum, ticket) => sum + ticket.score,
    as: whole,
  })
})

// refuses at `{ size`: Property 'grace' is missing in type '{ size: "1h"; }' but required in type 'Tumbling'
export const missingGrace = drawn(({ tickets }) => tickets.group().tumbling({ size: '1h' }).count('per-hour'))

// refuses at `size`: Type '"1 hour"' is not assignable to type 'Duration'
export const badSize = drawn(({ tickets }) => tickets.group().tumbling({ size: '1 hour', grace: '5m' }).count('n'))

export const hoppingWithoutItsStep = drawn(({ tickets }) => {
  // refuses at `{ size`: Property 'every' is missing in type
  tickets.group().hopping({ size: '1h', grace: '0s' }).count('tickets')
})

export const sessionsThatCannotBeMerged = drawn(({ tickets }) => {
  const visits = tickets.group().session({ gap: '30m', grace: '5m' })
  // refuses at `{ init`: Property 'merge' is missing in type
  visits.aggregate('sums', { init: () => 0, add: (sum, ticket) => sum + ticket.score, as: whole })
})

const perHour = topic('per-hour', { key: windowed(ticketId, '1h'), value: whole })

export const windowedRowsToATopicOfPlainKeys = drawn(({ tickets }) => {
  const counts = tickets.group().tumbling({ size: '1h', grace: '5m' }).count('tickets-per-hour')
  counts.changes().to(perHour)
  // refuses at `scores`: Type 'Windowed<TicketId>' is not assignable to type 'TicketId'
  counts.changes().to(scores)
})

export const suppressOfWhatHasNoWindows = drawn(({ tickets }) => {
  // refuses at `suppress`: Property 'suppress' does not exist on type 'Table<TicketId, number>'
  tickets.group().count('tickets').suppress('until-closed')
})

export const deletedRowTakenForGranted = topology('refused', draft => {
  const changes = draft.table('tickets', opened).changes()
  // refuses at `ticket.subject`: 'ticket' is possibly 'null'
  changes.map(ticket => ticket.subject).discard()
})

export const tombstoneTakenForGranted = topology('refused', draft => {
  const tickets = draft.stream(opened, { tombstones: 'keep' })
  // refuses at `ticket.subject`: 'ticket' is possibly 'null'
  tickets.map(ticket => ticket.subject).discard()
})

export const mergeOfAnswersThatAreNot = drawn(({ tickets }) => {
  tickets.enrich('label', labeller, {
    ask: ticket => ({ subject: ticket.subject }),
    // refuses at `category`: Property 'category' does not exist on type '{ label: string; }'
    merge: (ticket, answer) => ({ ...ticket, subject: answer.category }),
    as: ticketFormat,
    inFlight: 8,
    timeout: '60s',
    retry: { attempts: 3, backoff: '1s' },
    remember: '30d',
  })
})

export const questionThatIsAnother = drawn(({ tickets }) => {
  tickets.enrich('label', labeller, {
    // refuses at `({ body`: Property 'subject' is missing in type '{ body: string; }' but required in type '{ subject: string; }'
    ask: ticket => ({ body: ticket.subject }),
    merge: ticket => ticket,
    as: ticketFormat,
    inFlight: 8,
    timeout: '60s',
    retry: { attempts: 3, backoff: '1s' },
    remember: '30d',
  })
})

export const enrichWithoutADeadline = drawn(({ tickets }) => {
  // refuses at `{`: Property 'timeout' is missing in type
  tickets.enrich('label', labeller, {
    ask: ticket => ({ subject: ticket.subject }),
    merge: ticket => ticket,
    as: ticketFormat,
    inFlight: 8,
    retry: { attempts: 3, backoff: '1s' },
    remember: '30d',
  })
})

export const enrichOfABareStream = drawn(({ tickets }) => {
  const bare = tickets.map(ticket => ticket.subject)
  // refuses at `'label'`: enrich: its values cannot be written, give the step before it `as: format`
  bare.enrich('label', labeller, {
    ask: subject => ({ subject }),
    merge: subject => subject,
    as: text,
    inFlight: 8,
    timeout: '60s',
    retry: { attempts: 3, backoff: '1s' },
    remember: '30d',
  })
})

export const ownCodeThatKeepsSomethingElse = drawn(({ tickets }) => {
  tickets.process('remember', {
    stores: { subjects: keyed(ticketId, text) },
    record(ticket, id, { stores }) {
      // refuses at `ticket`: Argument of type 'Ticket' is not assignable to parameter of type 'string'
      stores.subjects.put(id, ticket)
    },
  })
})

export const dedupeWithoutATime = drawn(({ tickets }) => {
  // refuses at `{}`: Property 'within' is missing in type '{}' but required in type 'DedupeOptions<TicketId, Ticket>'
  tickets.dedupe('seen', {}).to(opened)
})
