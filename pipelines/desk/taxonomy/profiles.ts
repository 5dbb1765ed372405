import { customerSupport } from './customer-support.ts'
import { eventRegistration } from './event-registration.ts'
import { issueTracking } from './issue-tracking.ts'
import { serviceDesk } from './service-desk.ts'
import type { Taxonomy } from './taxonomy.ts'

/** Four desks that a team can begin with; FRANZ_TAXONOMY names one, or a file with another. */
export const profiles: readonly Taxonomy[] = [issueTracking, customerSupport, serviceDesk, eventRegistration]

export const profileDefault = issueTracking
