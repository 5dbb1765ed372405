import { expect, test } from 'vitest'
import { call, json, text, topic, topology } from '../../../topology/index.ts'
import { drive, type VirtualAttempt } from '../../../topology/testing.ts'

interface Ticket {
  readonly body: string
}
interface Label {
  readonly category: string
  readonly by?: string
}
interface Labelled extends Ticket {
  readonly category: string
}

const tickets = topic('tickets', { key: text, value: json<Ticket>('Ticket') })
const labelled = topic('labelled', { key: text, value: json<Labelled>('Labelled') })
const lost = topic('lost', { key: text, value: json<Ticket>('Ticket') })

const labeller = call({ question: json<{ body: string }>('Question'), answer: json<Label>('Label') })

const etikett = topology('etikett', draft => {
  draft
    .stream(tickets)
    .enrich('label', labeller, {
      ask: ticket => ({ body: ticket.body }),
      merge: (ticket, label) => ({ ...ticket, ...label }),
      as: labelled.value,
      inFlight: 4,
      timeout: '10s',
      retry: { attempts: 3, backoff: '1s' },
      remember: '1h',
    })
    .to(labelled)
})

type World = Awaited<ReturnType<typeof drive>>
const read = async (world: World) =>
  (await world.read(labelled)).map(({ key, value, timestamp }) => `${key} ${value.body} ${value.category} ${timestamp}`)

test('a record goes on with its answer, and the same question is asked once', async () => {
  const asked: string[] = []
  const calls = {
    label: async ({ body }: { body: string }) => {
      asked.push(body)
      return { category: `${body}!` }
    },
  }
  const world = await drive(etikett, { calls, partitions: 3 })
  await world.send(tickets, 'a', { body: 'printer' }, 5)
  await world.send(tickets, 'b', { body: 'screen' }, 6)
  await world.send(tickets, 'a', { body: 'printer' }, 7)
  expect((await read(world)).sort()).toEqual(['a printer printer! 5', 'a printer printer! 7', 'b screen screen! 6'])
  expect(asked).toEqual(['printer', 'screen'])
})

test('a call without an implementation is refused at the start', async () => {
  await expect(drive(etikett)).rejects.toThrow('UNBOUND at etikett: nothing is bound to its call "label"')
})

test('records of one key keep their order, those of others do not wait for them', async () => {
  const calls = {
    label: async ({ body }: { body: string }, { sleep }: VirtualAttempt) => {
      if (body.startsWith('slow')) await sleep('5s')
      return { category: 'x' }
    },
  }
  const world = await drive(etikett, { calls, partitions: 1 })
  await world.send(tickets, 'a', { body: 'slow' }, 1)
  await world.send(tickets, 'a', { body: 'quick' }, 2)
  await world.send(tickets, 'b', { body: 'quick' }, 3)
  await world.send(tickets, null, { body: 'slow, too' }, 4)
  await world.send(tickets, null, { body: 'quick' }, 5)
  expect(await read(world)).toEqual(['b quick x 3', 'null quick x 5'])
  await world.advance('5s')
  expect((await read(world)).sort()).toEqual(['a quick x 2', 'a slow x 1', 'null slow, too x 4'])
})

export { lost }
