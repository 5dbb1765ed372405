import type { Rest } from './stream.ts'

/**
 * The arm of a branch that takes what no other arm took.
 * @example tickets.branch({ urgent: ticket => ticket.priority === 'High', others: rest })
 */
export const rest = Object.freeze({ rest: true }) as unknown as Rest
