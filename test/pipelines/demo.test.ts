import { expect, test } from 'vitest'
import { madeUp } from '../../pipelines/demo/made-up.ts'
import demo, { perCategory, tickets, unclear, urgent } from '../../pipelines/demo/tickets.ts'
import { drive } from '../../topology/testing.ts'
import { Dice } from '../conformance/random/dice.ts'

test('every made-up ticket is either counted or set aside, and the urgent ones are passed on', async () => {
  const dice = new Dice(1)
  const world = await drive(demo, { partitions: 2 })
  const filed = Array.from({ length: 200 }, (_, number) => madeUp(number, () => dice.roll()))
  for (const ticket of filed) await world.append(tickets, ticket.id, ticket)
  await world.settle()
  const fit = filed.filter(({ body }) => body.trim().length >= 10)
  expect(fit.length).toBeGreaterThan(0)
  expect(fit.length).toBeLessThan(filed.length)
  expect((await world.read(unclear)).length).toBe(filed.length - fit.length)
  expect((await world.read(urgent)).map(({ key }) => key).sort()).toEqual(
    fit
      .filter(({ priority }) => priority === 'High')
      .map(({ id }) => id)
      .sort(),
  )
  const last = new Map((await world.read(perCategory)).map(({ key, value }) => [key, value]))
  expect([...last.values()].reduce((sum, count) => sum + count, 0)).toBe(fit.length)
})
