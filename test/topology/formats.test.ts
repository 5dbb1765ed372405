import { describe, expect, test } from 'vitest'
import { bytes, type Draft, json, keyed, real, text, topic, topology, whole } from '../../topology/index.ts'
import { drive } from '../../topology/testing.ts'

// What the types say does not hold where data comes as JSON: a number stands where the pipeline has a text.

const orders = topic('orders', { key: text, value: json<{ customer: string; size: string }>('Order') })
const words = topic('words', { key: text, value: text })
const order = (content: unknown) => content as { customer: string; size: string }

const message = async (draw: (draft: Draft) => void, content: unknown): Promise<string> => {
  const world = await drive(topology('shop', draw), { partitions: 1 })
  return world.send(orders, 'k', order(content)).then(
    () => 'nothing was refused',
    (error: Error) => error.message,
  )
}

describe('what is no text never becomes the bytes of one', () => {
  const into: Record<string, (draft: Draft) => void> = {
    'sink words': draft =>
      draft
        .stream(orders)
        .map(({ size }) => size)
        .to(words),
    'rekey by-customer': draft =>
      draft
        .stream(orders)
        .rekey('by-customer', ({ customer }) => customer, { key: text })
        .group()
        .count('per-customer'),
    'process open': draft =>
      draft.stream(orders).process('open', {
        stores: { customers: keyed(text, whole) },
        record: ({ customer }, _id, { stores }) => stores.customers.put(customer, 1),
      }),
  }
  test.each(Object.entries(into))('%s', async (operator, draw) => {
    expect(await message(draw, { customer: 'ann', size: 'big' })).toBe('nothing was refused')
    const refused = await message(draw, { customer: 17, size: 17 })
    expect(refused).toContain(`at shop, ${operator} (orders-0, offset 0)`)
    expect(refused).toContain('a text must stand here, and this is a number')
    expect(await message(draw, {})).toContain('undefined is no text')
  })
})

test('numbers and bytes are what they are called, too', () => {
  const encode = (format: { open(): unknown }, value: unknown) => () =>
    (format.open() as { encode(value: unknown): Uint8Array }).encode(value)
  expect(encode(real as never, Number.NaN)()).toHaveLength(8)
  expect(encode(real as never, '17')).toThrow('a number must stand here, and this is a string')
  expect(encode(whole as never, '17')).toThrow('17 is not a whole number')
  expect(encode(bytes as never, 'AB')).toThrow('bytes must stand here, and this is a string')
})
