import { expect, test } from 'vitest'
import { keywordLabel } from '../../pipelines/desk/label.ts'
import { profileDefault } from '../../pipelines/desk/taxonomy/profiles.ts'
import urgentBilling, { urgentBilling as urgent } from '../../pipelines/examples/urgent-billing.ts'
import { ticketsLabeled } from '../../schemas/desk/topics.ts'
import { memoryRegistry, uuidOf } from '../../schemas/index.ts'
import { describe as described } from '../../topology/index.ts'
import { drive } from '../../topology/testing.ts'

const ticketOf = (body: string) => ({
  ...{ id: uuidOf(body), contact: 'ada', origin: 'Email' as const, date: 0, body, updatedAt: 0 },
  ...keywordLabel(profileDefault, { subject: '', body }),
})

test('urgent tickets for Finance take the branch, whatever crashes, and no others do', async () => {
  const world = await drive(urgentBilling, { registry: memoryRegistry(), partitions: 2 })
  const urgentOne = 'Dringend: the invoice was charged twice, we cannot use the account'
  for (const body of [urgentOne, 'The invoice has a typo, no hurry', 'Urgent: the Android app crashes']) {
    const ticket = ticketOf(body)
    await world.send(ticketsLabeled, ticket.id, ticket)
    await world.crash()
  }
  expect((await world.read(urgent)).map(({ value }) => value.body)).toEqual([urgentOne])
})

test('the branch is drawn with the webhook at its end', () => {
  expect(described(urgentBilling)).toContain('billing')
})
