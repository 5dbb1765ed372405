import type { Ticket } from './tickets.ts'

const origins = ['Discord', 'Mail', 'API'] as const
const priorities = ['Low', 'Medium', 'Medium', 'High'] as const

/** What people write, by category; the last of each is too short to be of use. */
const words: Readonly<Record<Ticket['category'], readonly (readonly [subject: string, body: string])[]>> = {
  Billing: [
    ['Charged twice', 'My card was charged twice for the same order, please refund one of them.'],
    ['Rechnung fehlt', 'Ich habe für Oktober noch keine Rechnung bekommen.'],
    ['Refund', 'when?'],
  ],
  Account: [
    ['Cannot log in', 'The password reset mail never arrives, I have tried three times today.'],
    ['Change my address', 'I have moved. How do I change the address of my account?'],
    ['Login', 'help!'],
  ],
  Hardware: [
    ['Screen stays black', 'The screen stays black after the update, the light at the side blinks red.'],
    ['Drucker druckt nicht', 'Der Drucker meldet Papierstau, es ist aber keiner zu sehen.'],
    ['Broken', 'broken'],
  ],
  Other: [
    ['Opening hours', 'Are you open on Saturdays before Christmas?'],
    ['A word of thanks', 'Your colleague was very kind and solved it at once. Thank you!'],
    ['?', '?'],
  ],
}

const categories = Object.keys(words) as Ticket['category'][]

/** The ticket with this number, always the same one. `chance` gives numbers from 0 up to 1. */
export const madeUp = (number: number, chance: () => number): Ticket => {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(chance() * from.length)]!
  const category = pick(categories)
  const [subject, body] = pick(words[category])
  return { id: `demo-${number}`, origin: pick(origins), category, priority: pick(priorities), subject, body }
}
