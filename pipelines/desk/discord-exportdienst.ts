import { ticketsLabeled, ticketsLabeledDlq } from '../../schemas/desk/topics.ts'
import { topology } from '../../topology/index.ts'
import { burying } from './reports.ts'

/** A channel for each ticket on Discord. */
export default topology('discord-exportdienst', burying(ticketsLabeledDlq), draft => {
  draft.sink('discord', ticketsLabeled)
})
