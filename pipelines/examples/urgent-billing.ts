import { topic, topology } from 'franz'
import { ticketsLabeled } from 'franz/desk'

const { key, value } = ticketsLabeled
export const urgentBilling = topic('urgent-billing', { key, value })

/** A branch of the desk: tickets for Finance that are urgent go to a webhook of their own. */
export default topology('urgent-billing', draft => {
  draft
    .stream(ticketsLabeled)
    .filter(({ department }) => department === 'Finance')
    .filter(({ priority }) => priority === 'HIGH' || priority === 'CRITICAL')
    .to(urgentBilling)
  draft.sink('billing', urgentBilling)
})
