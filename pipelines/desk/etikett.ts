import { labeledTicket, type Ticket, ticketEvents as ticketEvent } from '../../schemas/desk/generated/desk.ts'
import { ticketEvents, ticketsFormatted, ticketsLabeled, ticketsLabeledDlq } from '../../schemas/desk/topics.ts'
import { rest, type Topology, topology } from '../../topology/index.ts'
import { forReview, keywordLabel, labeller } from './label.ts'
import { burying } from './reports.ts'
import { profileDefault } from './taxonomy/profiles.ts'
import type { Taxonomy } from './taxonomy/taxonomy.ts'

const bodyLettersMin = 10
const tooShort = `the body is shorter than ${bodyLettersMin} characters`

const letters = ({ body, subject, origin }: Ticket): number => {
  // A mail's subject stands before its text, and says by itself no more than a short text does.
  const text = origin === 'Email' && subject !== '' ? body.replace(`[${subject}]`, '') : body
  return text.trim().length
}

/**
 * Labels each ticket with category, priority, type and department. A body that is too short becomes a dead letter, and goes
 * to people besides, unlabelled: nobody's "help!" is lost. Where the model is away, the keywords of the taxonomy answer.
 */
export const etikett = (taxonomy: Taxonomy): Topology =>
  topology('etikett', burying(ticketsLabeledDlq), draft => {
    const { fit, unfit } = draft.stream(ticketsFormatted).branch({
      fit: ticket => letters(ticket) >= bodyLettersMin,
      unfit: rest,
    })
    unfit.deadLetter(ticketsLabeledDlq, tooShort)
    unfit
      .map(
        ({ id, updatedAt }) => ({
          type: 'TicketDeadLettered',
          value: { ticketId: id, at: updatedAt, service: 'Etikett', topic: ticketsLabeledDlq.name, reason: tooShort },
        }),
        { as: ticketEvent },
      )
      .to(ticketEvents)
    const labelled = fit
      .enrich('label', labeller, {
        ask: ({ subject, body }) => ({ subject, body }),
        merge: (ticket, label) => ({ ...ticket, ...label }),
        as: labeledTicket,
        inFlight: 8,
        timeout: '60s',
        retry: { attempts: 2, backoff: '1s' },
        breaker: { failures: 5, pause: '30s' },
        otherwise: (ticket, _id, error) => keywordLabel(taxonomy, ticket, `the model gave no label (${error.detail})`),
        remember: '30d',
      })
      .merge(unfit.map(ticket => ({ ...ticket, ...forReview(tooShort) }), { as: labeledTicket }))
    labelled.to(ticketsLabeled)
    labelled
      .map(
        ({ id, updatedAt, category, priority, type, department, confidence, confidenceSource, labelSource }) => ({
          type: 'TicketLabelled',
          value: {
            ...{ ticketId: id, at: updatedAt, category, priority, type, department },
            ...{ confidence, confidenceSource, labelSource },
          },
        }),
        { as: ticketEvent },
      )
      .to(ticketEvents)
  })

export default etikett(profileDefault)
