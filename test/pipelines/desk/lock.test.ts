import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import desk from '../../../pipelines/desk/desk.ts'
import { diffAll, parseLock, plan, refuseTogether } from '../../../topology/index.ts'

const path = 'pipelines/desk/desk.lock.json'
const locked = parseLock(readFileSync(path, 'utf8'), path)

test('the services of the desk are as their lock file says: a change that costs something is seen in review', () => {
  const changes = diffAll(
    locked,
    desk.map(({ graph }) => plan(graph)),
  ).flatMap(({ changes }) => changes)
  expect(changes).toEqual([])
})

test('they can run side by side on one log', () => {
  expect(() => refuseTogether(desk.map(({ graph }) => plan(graph)))).not.toThrow()
})
