import { json, rest, type Topic, text, topology, whole } from '../../../topology/index.ts'
import { customerId, drawn, opened, replied, scores, subjects, ticketFormat } from './desk.ts'

export const typoInAField = drawn(({ tickets }) =>
  tickets
    // refuses at `subjct`: Property 'subjct' does not exist on type 'Ticket'. Did you mean 'subject'?
    .map(ticket => ticket.subjct)
    .discard(),
)

export const typoBehindAMap = drawn(({ tickets }) =>
  tickets
    .map(ticket => ({ ...ticket, urgent: ticket.score > 3 }))
    // refuses at `urgnt`: Property 'urgnt' does not exist on type
    .filter(ticket => ticket.urgnt)
    .discard(),
)

// refuses at `scores`: Type 'Ticket' is not assignable to type 'number'
export const wrongSink = drawn(({ tickets }) => tickets.to(scores))

export const wrongValueAtTheSink = drawn(({ tickets }) =>
  tickets
    .map(ticket => ({ subject: ticket.subject }))
    // refuses at `opened`: missing the following properties from type 'Ticket': id, customer, score
    .to(opened),
)

export const wrongKeyAtTheSink = drawn(({ tickets }) =>
  tickets
    .rekey('by-customer', ticket => ticket.customer, { key: customerId })
    // refuses at `opened`: Type 'CustomerId' is not assignable to type 'TicketId'
    .to(opened),
)

export const mapThatDoesNotFitItsFormat = drawn(({ tickets }) =>
  tickets
    // refuses at `ticket.subject`: Type 'string' is not assignable to type 'number'
    .map(ticket => ticket.subject, { as: whole })
    .to(scores),
)

export const promiseInAMapWithAFormat = drawn(({ tickets }) =>
  tickets
    // refuses at `ticket.subject`: Promise<string>' is not assignable to type 'string'
    .map(async ticket => ticket.subject, { as: text })
    .to(subjects),
)

export const promiseOnItsWayToASink = drawn(({ tickets }) =>
  tickets
    .map(async ticket => ticket.subject)
    // refuses at `subjects`: Type 'Promise<string>' is not assignable to type 'string'
    .to(subjects),
)

// refuses at `async`: peek: steps are synchronous, use `enrich` for a call that takes time
export const promiseInAPeek = drawn(({ tickets }) => tickets.peek(async ticket => ticket.subject).to(opened))

// refuses at `ticket.score`: Type 'Promise<boolean>' is not assignable to type 'boolean'
export const promiseInAFilter = drawn(({ tickets }) => tickets.filter(async ticket => ticket.score > 3).to(opened))

export const branchWithoutRest = drawn(({ tickets }) => {
  // refuses at `{ urgent: ticket`: branch: one arm must be `rest`, or records that no arm takes are lost
  const { urgent } = tickets.branch({ urgent: ticket => ticket.score > 3 })
  urgent?.to(opened)
})

export const armThatThereIsNot = drawn(({ tickets }) => {
  const lanes = tickets.branch({ urgent: ticket => ticket.score > 3, rest })
  lanes.urgent.merge(lanes.rest).to(opened)
  // refuses at `others`: Property 'others' does not exist on type
  lanes.others.discard()
})

export const rekeyOfABareStream = drawn(({ tickets }) =>
  tickets
    .map(ticket => ticket.subject)
    // refuses at `'by-subject'`: rekey: its values cannot be written, give the step before it `as: format`
    .rekey('by-subject', subject => subject, { key: text })
    .discard(),
)

export const tableOfABareStream = drawn(({ tickets }) => {
  // refuses at `'subjects'`: table: its values cannot be written, give the step before it `as: format`
  tickets.map(ticket => ticket.subject).table('subjects')
})

export const newKeyThatDoesNotFitItsFormat = drawn(({ tickets }) =>
  tickets
    // refuses at `ticket.subject`: Type 'string' is not assignable to type 'CustomerId'
    .rekey('by-customer', ticket => ticket.subject, { key: customerId })
    .discard(),
)

declare const writeOnly: Omit<Topic<string, string>, 'value'> & { readonly value: { readonly name: string } }
// refuses at `writeOnly`: Property 'open' is missing in type
export const sinkUsedAsASource = topology('refused', draft => draft.stream(writeOnly).discard())

// refuses at `draft.stream(replied)`: missing the following properties from type 'Sink
export const sourceUsedAsASink = topology('refused', draft => draft.stream(opened).to(draft.stream(replied)))

export const keyThatMayBeMissing = topology('refused', draft =>
  draft
    .stream(opened)
    .rekey('by-customer', ticket => ticket.customer, { key: json<string | null>('Key') })
    // refuses at `opened`: Type 'null' is not assignable to type 'TicketId'
    .to(opened),
)

// refuses at `idle`: Type '"soon"' is not assignable to type
export const badDuration = topology('refused', draft => draft.stream(opened, { idle: 'soon' }).to(opened))

export const forgottenFormatOfAFlatMap = drawn(({ tickets }) =>
  tickets
    // refuses at `ticket.score`: Type 'number' is not assignable to type 'Iterable
    .flatMap(ticket => ticket.score, { as: ticketFormat })
    .to(opened),
)
