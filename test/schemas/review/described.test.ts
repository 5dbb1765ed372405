import { expect, test } from 'vitest'
import { deploymentFrom } from '../../../schemas/index.ts'
import { parseDeployment } from '../../../schemas/review/deployment-file.ts'
import { description, text, topic, topology } from '../../../topology/index.ts'

const orders = topic('orders', { key: text, value: text })
const customers = topic('customers', { key: text, value: text })
const joined = topic('orders-joined', { key: text, value: text })

const pipeline = topology('billing', draft => {
  const table = draft.table('customers-by-id', customers)
  const stream = draft.stream(orders)
  stream.join(table, (order, customer) => `${order} ${customer}`).to(joined)
  stream
    .rekey('by-first-letter', order => order.charAt(0), { key: text })
    .group()
    .count('orders-by-letter')
    .changes()
    .discard()
})

test('a topology says itself who reads, who writes, what is kept and what must be partitioned alike', () => {
  const deployment = deploymentFrom([description(pipeline)])
  expect(deployment).toEqual({
    pipelines: [
      {
        name: 'billing',
        reads: ['customers', 'orders'],
        writes: ['orders-joined'],
        stores: [
          { name: 'customers-by-id', key: 'text', value: 'text', topic: 'customers' },
          { name: 'orders-by-letter', key: 'text', value: 'whole' },
        ],
      },
    ],
    copartitioned: [expect.arrayContaining(['customers', 'orders'])],
  })
  const connected = topology('desk', draft => {
    draft.source('shop', orders).to(joined)
    draft.sink('bank', orders, joined)
  })
  expect(deploymentFrom([description(connected)]).pipelines).toEqual([
    { name: 'desk', reads: ['orders'], writes: ['orders-joined'], stores: [] },
    { name: 'desk.bank', reads: ['orders', 'orders-joined'], writes: [] },
    { name: 'desk.shop', reads: [], writes: ['orders'] },
  ])
  expect(parseDeployment(JSON.stringify(deployment), 'deployment.json')).toEqual(deployment)
})
