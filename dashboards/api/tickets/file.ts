import { badField, Problem } from '../http/problem.ts'
import { written } from '../http/written.ts'
import { limits } from '../limits.ts'
import type { Filed, Intake, Labels } from '../ports.ts'
import { idFromKey, newId } from './identity.ts'
import { aliasesOf } from './resource.ts'

/** A ticket as a caller sends it, in either of two vocabularies. */
export type NewTicket =
  | { readonly title: string; readonly description: string; readonly user_name: string; readonly user_email?: string }
  | { readonly contact: string; readonly subject?: string; readonly body: string }

const line = (description: string) => ({
  type: 'string',
  minLength: 1,
  maxLength: limits.lineLengthMax,
  ...written('^[^\\u0000-\\u001f]*[^\\s\\u0000-\\u001f][^\\u0000-\\u001f]*$', 'must be one line, and not blank'),
  description,
})
const words = {
  type: 'string',
  minLength: 1,
  maxLength: limits.textLengthMax,
  ...written('^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$', 'must not be blank, and must have no character 0'),
} as const

const without = (...names: readonly string[]) => ({ not: { anyOf: names.map(name => ({ required: [name] })) } })

export const newTicketSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    title: line('What it is about.'),
    description: words,
    user_name: line('Who files it.'),
    user_email: { type: 'string', format: 'email', maxLength: 254 },
    contact: line('Who files it: a name or an address.'),
    subject: line('What it is about.'),
    body: words,
  },
  anyOf: [
    { required: ['title', 'description', 'user_name'], ...without('contact', 'subject', 'body') },
    { required: ['contact', 'body'], ...without('title', 'description', 'user_name', 'user_email') },
  ],
  examples: [{ title: 'The login fails', description: 'I get error 500 since this morning.', user_name: 'Ada' }],
} as const

/** Of the two vocabularies one is used: said in words before the schema would say that neither fits. */
export const refuseMixed = (body: unknown): void => {
  if (typeof body !== 'object' || body === null) return
  const isFirst = 'title' in body || 'description' in body || 'user_name' in body
  const strange = Object.keys(body).find(name => ['contact', 'subject', 'body'].includes(name))
  if (isFirst && strange !== undefined)
    throw badField(strange, 'must be left out beside title, description and user_name')
  if (!isFirst && 'user_email' in body) throw badField('user_email', 'must be left out beside contact')
}

type Said = Pick<Filed, 'title' | 'description' | 'userName' | 'userEmail'>

const saidIn = (ticket: NewTicket): Said =>
  'contact' in ticket
    ? {
        title: ticket.subject ?? '',
        description: ticket.body,
        userName: ticket.contact,
        userEmail: /^\S+@\S+$/.test(ticket.contact) ? ticket.contact : null,
      }
    : {
        title: ticket.title,
        description: ticket.description,
        userName: ticket.user_name,
        userEmail: ticket.user_email ?? null,
      }

const isSame = (one: Said, other: Said): boolean =>
  one.title === other.title &&
  one.description === other.description &&
  one.userName === other.userName &&
  one.userEmail === other.userEmail

/** Files tickets, each key once: a repetition is answered from the log, another body under the same key is refused. */
export const ticketDesk = (intake: Intake) => {
  const underWay = new Map<string, Promise<Filed>>()

  const fileOnce = async (ticket: Filed): Promise<Filed> => {
    const known = await intake.filed(ticket.ticketId)
    if (known === undefined) await intake.file(ticket)
    return known ?? ticket
  }

  /** Two requests with one key at the same time: the second waits for the first. */
  const fileKeyed = (ticket: Filed): Promise<Filed> => {
    const { ticketId } = ticket
    const already = underWay.get(ticketId)
    if (already !== undefined) return already
    const filing = fileOnce(ticket).finally(() => underWay.delete(ticketId))
    underWay.set(ticketId, filing)
    return filing
  }

  return async (
    caller: string,
    sent: NewTicket,
    key: string | undefined,
  ): Promise<{ filed: Filed; isNew: boolean }> => {
    const said = saidIn(sent)
    const ticket: Filed = {
      ...said,
      ticketId: key === undefined ? newId() : idFromKey(caller, key),
      timestamp: new Date().toISOString(),
      idempotencyKey: key ?? null,
    }
    if (key === undefined) {
      await intake.file(ticket)
      return { filed: ticket, isNew: true }
    }
    const filed = await fileKeyed(ticket)
    if (!isSame(filed, said))
      throw new Problem(
        422,
        'Another request has this key',
        'The Idempotency-Key was used for a ticket with another body.',
        {
          fields: [{ field: 'Idempotency-Key', expected: 'must be new for a new ticket' }],
        },
      )
    return { filed, isNew: filed === ticket }
  }
}

/** A ticket that has just been filed: what is not known yet is null. */
export const filedTicket = (filed: Filed, labels: Labels | undefined) => {
  const contact = filed.userEmail ?? filed.userName
  return {
    id: filed.ticketId,
    number: null,
    date: filed.timestamp,
    contact,
    origin: 'API',
    subject: filed.title,
    body: filed.description,
    category: labels?.category ?? null,
    priority: labels?.priority ?? null,
    type: labels?.type ?? null,
    department: labels?.department ?? null,
    confidence_score: typeof labels?.confidence === 'number' ? Math.round(labels.confidence * 1_000) / 10 : null,
    confidence_source: null,
    label_source: null,
    model: null,
    prompt_version: null,
    review_reason: null,
    status: 'pending',
    created_at: filed.timestamp,
    updated_at: filed.timestamp,
    ...aliasesOf({ subject: filed.title, body: filed.description, contact }),
    user_name: filed.userName,
    user_email: filed.userEmail,
    answer: null,
    history: [],
  }
}
