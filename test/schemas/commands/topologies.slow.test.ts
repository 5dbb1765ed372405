import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Program } from '../../newcomer/process.ts'
import { field, order } from '../review/orders.ts'
import { Folder } from './ran.ts'

const command = fileURLToPath(new URL('../../../bin/franz.mjs', import.meta.url))

let folder: Folder
beforeEach(() => {
  folder = new Folder()
})
afterEach(() => folder.end())

const franz = async (args: string) => {
  const program = new Program(process.execPath, [command, ...args.split(' ')], { cwd: folder.path })
  return { code: await program.ended, says: program.output }
}

const pipeline = `
import { text, topic, topology } from 'franz'
import { order } from './generated/shop.ts'

const orders = topic('orders', { key: text, value: order })
const paid = topic('orders-paid', { key: text, value: order })

export default topology('billing', draft => {
  draft.source('shop', orders).group().reduce('newest-orders', (_, next) => next).changes()
    .filter(change => change !== null).map(change => change!, { as: order }).to(paid)
  draft.sink('bank', paid)
})
`

test('a pipeline file tells a review who is hit, and a registry what it will need', { timeout: 120_000 }, async () => {
  folder.write('package.json', { type: 'module' }).write('billing.ts', pipeline)
  folder.write('schemas/orders.avsc', order([field('id', 'string')])).commit()
  expect(await franz('schemas generate --out generated')).toMatchObject({ code: 0 })

  folder.write('schemas/orders.avsc', order([field('id', 'string'), field('by', 'string')]))
  const reviewed = await franz('schemas review schemas --topology billing.ts')
  expect(reviewed.code).toBe(1)
  expect(reviewed.says).toContain('billing (reader, every record, as soon as it reads old records with the new schema)')
  expect(reviewed.says).toContain('deploy billing.shop (write new)')

  const registered = await franz('schemas register --data data --topology billing.ts')
  expect(registered.code).toBe(0)
  for (const topic of ['orders', 'orders-paid', 'billing-newest-orders-changelog'])
    expect(registered.says).toMatch(new RegExp(`^${topic}-value: (registered|stands there) under id 1 `, 'm'))
  expect(await franz('schemas register --data data --topology billing.ts --dry-run')).toMatchObject({
    code: 0,
    says: expect.not.stringContaining('registered under'),
  })
})

test('a pipeline file that cannot be loaded is named', async () => {
  folder
    .write('broken.ts', 'export default 5')
    .write('schemas/orders.avsc', order([field('id', 'string')]))
    .commit()
  expect(await franz('schemas review schemas --topology broken.ts')).toMatchObject({
    code: 3,
    says: expect.stringContaining('broken.ts has no topology as its default export'),
  })
})
