import { expect, test } from 'vitest'
import { call, type EnrichOptions, json, text, topic, topology, whole } from '../../../topology/index.ts'
import { type CommitStep, commitSteps, drive, type VirtualAttempt } from '../../../topology/testing.ts'
import { fromUtf8 } from '../../../topology/text.ts'

interface Ticket {
  readonly body: string
}
interface Label {
  readonly category: string
}
interface Labelled extends Ticket {
  readonly category: string
}
interface Question {
  readonly body: string
}

const tickets = topic('tickets', { key: text, value: json<Ticket>('Ticket') })
const labelled = topic('labelled', { key: text, value: json<Labelled>('Labelled') })
const letters = topic('letters', { key: text, value: json<Ticket>('Ticket') })

const labeller = call({ question: json<Question>('Question'), answer: json<Label>('Label') })

type Options = EnrichOptions<string, Ticket, Question, Label, Label, Labelled, Labelled>
const usual: Options = {
  ask: ticket => ({ body: ticket.body }),
  merge: (ticket, label) => ({ ...ticket, ...label }),
  as: labelled.value,
  inFlight: 4,
  timeout: '10s',
  retry: { attempts: 3, backoff: '1s' },
  remember: '1h',
}

const etikett = (options: Partial<Options> = {}, errors: 'fail' | 'letters' = 'fail') =>
  topology('etikett', errors === 'fail' ? {} : { deadLetters: letters }, draft => {
    draft
      .stream(tickets)
      .enrich('label', labeller, { ...usual, ...options })
      .to(labelled)
  })

type World = Awaited<ReturnType<typeof drive>>
type Answering = (question: Question, attempt: VirtualAttempt) => unknown

/** An implementation that notes what it was asked. */
const noting = (answer: Answering) => {
  const asked: string[] = []
  const label: Answering = (question, attempt) => {
    asked.push(question.body)
    return answer(question, attempt)
  }
  return { asked, calls: { label } }
}

const echo: Answering = ({ body }) => ({ category: `${body}!` })
const read = async (world: World) =>
  (await world.read(labelled)).map(({ key, value, timestamp }) => `${key} ${value.body} ${value.category} ${timestamp}`)
const headers = (found: { headers: readonly (readonly [string, Uint8Array | null])[] }) =>
  Object.fromEntries(found.headers.map(([name, value]) => [name, fromUtf8(value!)]))

test('a record goes on with its answer, and the same question is asked once', async () => {
  const { asked, calls } = noting(echo)
  const world = await drive(etikett(), { calls, partitions: 3 })
  await world.send(tickets, 'a', { body: 'printer' }, 5)
  await world.send(tickets, 'b', { body: 'screen' }, 6)
  await world.send(tickets, 'a', { body: 'printer' }, 7)
  expect((await read(world)).sort()).toEqual(['a printer printer! 5', 'a printer printer! 7', 'b screen screen! 6'])
  expect(asked).toEqual(['printer', 'screen'])
})

test('a call without an implementation is refused at the start', async () => {
  await expect(drive(etikett())).rejects.toThrow('UNBOUND at etikett: nothing is bound to its call "label"')
})

test('records of one key keep their order, those of others do not wait for them', async () => {
  const { calls } = noting(async ({ body }, { sleep }) => {
    if (body.startsWith('slow')) await sleep('5s')
    return { category: 'x' }
  })
  const world = await drive(etikett(), { calls, partitions: 1 })
  await world.send(tickets, 'a', { body: 'slow' }, 1)
  await world.send(tickets, 'a', { body: 'quick' }, 2)
  await world.send(tickets, 'b', { body: 'quick' }, 3)
  await world.send(tickets, null, { body: 'slow, too' }, 4)
  await world.send(tickets, null, { body: 'quick' }, 5)
  expect(await read(world)).toEqual(['b quick x 3', 'null quick x 5'])
  expect(await world.look('label', 'a')).toBe(2)
  await world.advance('5s')
  expect((await read(world)).sort()).toEqual(['a quick x 2', 'a slow x 1', 'null slow, too x 4'])
  expect(await world.look('label', 'a')).toBe(undefined)
})

test('while a record waits its position is committed and it is kept with its bytes', async () => {
  const { calls } = noting(async (_question, { sleep }) => sleep('5s'))
  const world = await drive(etikett(), { calls, partitions: 1 })
  await world.send(tickets, 'a', { body: 'printer' }, 1)
  expect(world.log.group('etikett').positions.get('tickets/0')).toBe(1)
  const kept = await world.readBytes('etikett-label-changelog')
  expect(kept.some(({ value }) => value !== null && fromUtf8(value).includes('{"body":"printer"}'))).toBe(true)
})

test('no more attempts are out at once than the call allows, over all tasks', async () => {
  let out = 0
  let most = 0
  const { calls } = noting(async ({ body }, { sleep }) => {
    most = Math.max(most, ++out)
    await sleep('1s')
    out--
    return { category: body }
  })
  const world = await drive(etikett({ inFlight: 3 }), { calls, partitions: 4 })
  for (let at = 0; at < 12; at++) await world.append(tickets, `key-${at}`, { body: `${at}` }, at)
  await world.settle()
  for (let second = 0; second < 4; second++) await world.advance('1s')
  expect((await read(world)).length).toBe(12)
  expect(most).toBe(3)
})

test('a failed attempt is made again after a pause that grows, not at one moment for all', async () => {
  const at: Record<string, number[]> = { printer: [], screen: [] }
  const numbers: number[] = []
  const { calls } = noting(({ body }, { number }) => {
    at[body]!.push(world.now)
    numbers.push(number)
    if (number < 3) throw new Error('overloaded')
    return { category: 'ok' }
  })
  const world: World = await drive(etikett({ timeout: '1m' }), { calls, partitions: 1 })
  await world.append(tickets, 'a', { body: 'printer' }, 1)
  await world.append(tickets, 'b', { body: 'screen' }, 1)
  await world.settle()
  for (let step = 0; step < 300; step++) await world.advance(10)
  for (const [first, second, third] of Object.values(at)) {
    expect(second! - first!).toBeGreaterThanOrEqual(500)
    expect(second! - first!).toBeLessThanOrEqual(1_010)
    expect(third! - second!).toBeGreaterThanOrEqual(1_000)
    expect(third! - second!).toBeLessThanOrEqual(2_010)
  }
  expect(at.printer![1]).not.toBe(at.screen![1])
  expect(numbers.sort()).toEqual([1, 1, 2, 2, 3, 3])
  expect((await read(world)).length).toBe(2)
})

test('an attempt ends at its deadline: it is cancelled, and what it says later counts for nothing', async () => {
  let cancelled = 0
  const { asked, calls } = noting(async (_question, { number, signal, sleep }) => {
    signal.addEventListener('abort', () => cancelled++)
    if (number === 1) await sleep('1h')
    return { category: `attempt ${number}` }
  })
  const world = await drive(etikett(), { calls, partitions: 1 })
  await world.send(tickets, 'a', { body: 'printer' }, 1)
  await world.advance('9999ms')
  expect(cancelled).toBe(0)
  await world.advance(1)
  expect(cancelled).toBe(1)
  await world.advance('1s')
  expect(await read(world)).toEqual(['a printer attempt 2 1'])
  await world.advance('2h')
  expect(await read(world)).toEqual([])
  expect(asked.length).toBe(2)
})

test('without an answer a record stops the topology, or becomes a dead letter with its own bytes and headers', async () => {
  const { asked, calls } = noting(() => {
    throw new Error('no model')
  })
  const failing = await drive(etikett({ retry: { attempts: 1, backoff: 0 } }), { calls, partitions: 1 })
  await expect(failing.send(tickets, 'a', { body: 'printer' }, 1)).rejects.toThrow(
    'CALL_FAILED at etikett, enrich label (tickets-0, offset 0): no answer after 1 attempt: no model.',
  )
  asked.length = 0
  const world = await drive(etikett({}, 'letters'), { calls, partitions: 1 })
  world.appendBytes(
    'tickets',
    new TextEncoder().encode('a'),
    new TextEncoder().encode('{ "body":  "odd spaces" }'),
    7,
    [['trace', new TextEncoder().encode('t1')]],
  )
  await world.settle()
  for (let at = 0; at < 3; at++) await world.advance('2s')
  const [letter] = await world.readBytes('letters')
  expect(fromUtf8(letter!.value!)).toBe('{ "body":  "odd spaces" }')
  expect(letter!.timestamp).toBe(7)
  expect(headers(letter!)).toMatchObject({
    trace: 't1',
    '__streams.errors.topic': 'tickets',
    '__streams.errors.partition': '0',
    '__streams.errors.offset': '0',
    '__streams.errors.message': expect.stringContaining('no answer after 3 attempts: no model'),
  })
  expect(asked.length).toBe(3)
  expect(await world.look('label', 'a')).toBe(undefined)
})

test('a call may have dead letters of its own', async () => {
  const { calls } = noting(() => Promise.reject(Object.assign(new Error('never'), { retry: false })))
  const world = await drive(etikett({ deadLetter: letters }), { calls, partitions: 1 })
  await world.send(tickets, 'a', { body: 'printer' }, 1)
  // The error says that another attempt is no use.
  expect((await world.read(letters)).map(({ value }) => value)).toEqual([{ body: 'printer' }])
})

test('`otherwise` answers in place of the call, and what it says is not remembered', async () => {
  let away = true
  const { asked, calls } = noting(question => {
    if (away) throw new Error('away')
    return echo(question, undefined as never)
  })
  const world = await drive(
    etikett({
      retry: { attempts: 1, backoff: 0 },
      otherwise: (ticket, key, error) => ({ category: `${key} ${ticket.body} ${error.code}` }),
    }),
    { calls, partitions: 1 },
  )
  await world.send(tickets, 'a', { body: 'printer' }, 1)
  away = false
  await world.send(tickets, 'a', { body: 'printer' }, 2)
  expect(await read(world)).toEqual(['a printer a printer CALL_FAILED 1', 'a printer printer! 2'])
  expect(asked.length).toBe(2)
})

test('an answer that cannot be written is a failed attempt', async () => {
  const counter = call({ question: text, answer: whole })
  const numbers = topic('numbers', { key: text, value: whole })
  const counting = topology('counting', draft => {
    draft
      .stream(tickets)
      .enrich('count', counter, {
        ...{ inFlight: 1, timeout: '1s', retry: { attempts: 2, backoff: '1s' }, remember: 0, as: whole },
        ask: ticket => ticket.body,
        merge: (_ticket, answer) => answer,
        otherwise: () => -1,
      })
      .to(numbers)
  })
  const answers: unknown[] = ['many', 3, 'many', 'many']
  const world = await drive(counting, { calls: { count: () => answers.shift() }, partitions: 1 })
  for (const body of ['first', 'second']) {
    await world.send(tickets, 'a', { body }, 1)
    await world.advance('1s')
  }
  expect((await world.read(numbers)).map(({ value }) => value)).toEqual([3, -1])
})

test('the breaker spares a call that keeps failing, and a probe finds out when it is back', async () => {
  let away = true
  const { asked, calls } = noting(question => {
    if (away) throw new Error('away')
    return echo(question, undefined as never)
  })
  const options = {
    ...{ inFlight: 1, retry: { attempts: 1, backoff: 0 }, breaker: { failures: 2, pause: '30s' } as const },
  }
  const world = await drive(etikett({ ...options, otherwise: () => ({ category: 'other' }) }), { calls, partitions: 1 })
  const send = async (body: string) => {
    await world.send(tickets, body, { body }, 1)
    return (await read(world)).map(line => line.split(' ')[2])
  }
  expect(await send('one')).toEqual(['other'])
  expect(await send('two')).toEqual(['other'])
  expect(await send('three')).toEqual(['other'])
  expect(asked).toEqual(['one', 'two'])
  await world.advance('30s')
  expect(await send('four')).toEqual(['other'])
  expect(asked).toEqual(['one', 'two', 'four'])
  away = false
  expect(await send('five')).toEqual(['other'])
  await world.advance('30s')
  expect(await send('six')).toEqual(['six!'])
  expect(await send('seven')).toEqual(['seven!'])
  expect(asked).toEqual(['one', 'two', 'four', 'six', 'seven'])
})

test('behind an open breaker records wait where there is no other answer', async () => {
  let away = true
  const { asked, calls } = noting(question => {
    if (away) throw new Error('away')
    return echo(question, undefined as never)
  })
  const world = await drive(
    etikett({ inFlight: 1, retry: { attempts: 5, backoff: '1s' }, breaker: { failures: 2, pause: '30s' } }),
    { calls, partitions: 1 },
  )
  for (const body of ['one', 'two', 'three']) await world.append(tickets, body, { body }, 1)
  await world.settle()
  for (let at = 0; at < 10; at++) await world.advance('1s')
  expect(asked.length).toBe(2)
  away = false
  await world.advance('30s')
  await world.advance('30s')
  expect((await read(world)).sort()).toEqual(['one one one! 1', 'three three three! 1', 'two two two! 1'])
})

test('a task in which enough records wait takes no more until some have left', async () => {
  const { calls } = noting(async (question, { sleep }) => {
    await sleep('1s')
    return echo(question, undefined as never)
  })
  const world = await drive(etikett({ pendingMax: 5, inFlight: 100 }), { calls, partitions: 1 })
  for (let at = 0; at < 12; at++) await world.append(tickets, `key-${at}`, { body: `${at}` }, at)
  await world.settle()
  const position = () => world.log.group('etikett').positions.get('tickets/0')
  expect(position()).toBe(5)
  await world.advance('1s')
  expect(position()).toBe(10)
  await world.advance('1s')
  await world.advance('1s')
  expect((await read(world)).length).toBe(12)
})

test('answers are forgotten after their time, and another version of the implementation is asked anew', async () => {
  const asked: string[] = []
  const versioned = (version: string) => ({
    label: {
      version,
      answer: ({ body }: Question) => {
        asked.push(`${version} ${body}`)
        return { category: version }
      },
    },
  })
  const world = await drive(etikett(), { calls: versioned('v1'), partitions: 1 })
  await world.send(tickets, 'a', { body: 'x' }, 0)
  await world.send(tickets, 'a', { body: 'x' }, 3_600_000)
  expect(asked).toEqual(['v1 x'])
  await world.send(tickets, 'a', { body: 'x' }, 3_600_001)
  expect(asked).toEqual(['v1 x', 'v1 x'])
  const next = await drive(etikett(), { calls: versioned('v2'), partitions: 1, log: world.log })
  await next.send(tickets, 'a', { body: 'x' }, 3_600_002)
  expect(asked.at(-1)).toBe('v2 x')
})

test('what waits outlives crashes and moves: it is asked again, and leaves in its order', async () => {
  const asked: string[] = []
  let open = false
  const calls = {
    label: async ({ body }: Question, { sleep }: VirtualAttempt) => {
      asked.push(body)
      if (!open) await sleep('1h')
      return { category: `${body}!` }
    },
  }
  const world = await drive(etikett({ timeout: '1d' }), { calls, partitions: 2, instances: 2 })
  for (const [key, body] of [
    ['a', '1'],
    ['a', '2'],
    ['d', '3'],
    ['d', '4'],
  ] as const)
    await world.send(tickets, key, { body }, Number(body))
  expect(asked.sort()).toEqual(['1', '3'])
  await world.crash('instance-0', 'lost')
  await world.settle()
  await world.move(1, 'instance-0')
  await world.settle()
  expect(await read(world)).toEqual([])
  open = true
  await world.crash('instance-0')
  await world.settle()
  const found = await read(world)
  expect(found.filter(line => line.startsWith('a'))).toEqual(['a 1 1! 1', 'a 2 2! 2'])
  expect(found.filter(line => line.startsWith('d'))).toEqual(['d 3 3! 3', 'd 4 4! 4'])
})

test('faults at every step of every commit change no output, and no committed answer is asked for again', async () => {
  const story = async (faults: (step: CommitStep) => 'crash' | 'abort' | 'lose answer' | 'fence' | undefined) => {
    const committed = new Set<string>()
    const again: string[] = []
    const { calls } = noting(async (question, { sleep }) => {
      if (committed.has(question.body)) again.push(question.body)
      if (Number(question.body) % 3 === 0) await sleep(50)
      return echo(question, undefined as never)
    })
    const world = await drive(etikett({ inFlight: 2 }), { calls, partitions: 2, instances: 2, faults })
    const out: string[] = []
    for (let at = 0; at < 16; at++) {
      await world.send(tickets, `key-${at % 3}`, { body: `${at % 7}` }, at)
      for (const line of await read(world)) {
        out.push(line)
        if (line.startsWith('key-0')) committed.add(line.split(' ')[1]!)
      }
      // Other keys may live in another partition, whose memory is its own.
      if (at % 4 === 3) await world.advance(60_000 + 50)
      committed.clear()
    }
    for (let at = 0; at < 5; at++) await world.advance(60_000)
    out.push(...(await read(world)))
    return { out: out.sort(), again, crashes: world.crashes }
  }
  const calm = await story(() => undefined)
  expect(calm.out.length).toBe(16)
  for (const fault of ['crash', 'abort', 'lose answer'] as const) {
    for (const step of commitSteps) {
      for (const nth of [1, 2, 3, 5, 8]) {
        let seen = 0
        const found = await story(at => (at === step && ++seen % 9 === nth ? fault : undefined))
        expect(found.out, `${fault} ${nth} at ${step}`).toEqual(calm.out)
        expect(found.again).toEqual([])
      }
    }
  }
})

test('an aborted commit does not ask again what was answered before it', async () => {
  let commits = 0
  const { asked, calls } = noting(echo)
  const world = await drive(etikett(), {
    calls,
    partitions: 1,
    faults: step => (step === 'appended' && ++commits === 2 ? 'abort' : undefined),
  })
  await world.send(tickets, 'a', { body: 'printer' }, 1)
  expect(commits).toBeGreaterThan(2)
  expect(await read(world)).toEqual(['a printer printer! 1'])
  expect(asked).toEqual(['printer'])
})

test('an answer that breaks the merge makes its record a dead letter, and those behind it go on', async () => {
  const { calls } = noting(echo)
  const merge: Options['merge'] = (ticket, label) => {
    if (ticket.body === 'bad') throw new Error('cannot merge')
    return { ...ticket, ...label }
  }
  const world = await drive(etikett({ merge }, 'letters'), { calls, partitions: 1 })
  for (const body of ['good', 'bad', 'better']) await world.append(tickets, 'a', { body }, 1)
  await world.settle()
  expect((await read(world)).map(line => line.split(' ')[1])).toEqual(['good', 'better'])
  const [letter] = await world.readBytes('letters')
  expect(headers(letter!)['__streams.errors.message']).toContain('STEP_FAILED at enrich label: cannot merge')
  expect(headers(letter!)['__streams.errors.offset']).toBe('1')
  await world.crash()
  await world.settle()
  expect(await world.look('label', 'a')).toBe(undefined)
})

test('a question that throws meets the policy when its record comes', async () => {
  const { asked, calls } = noting(echo)
  const ask: Options['ask'] = ticket => {
    if (ticket.body === '') throw new Error('nothing to ask')
    return ticket
  }
  const world = await drive(etikett({ ask }, 'letters'), { calls, partitions: 1 })
  await world.send(tickets, 'a', { body: '' }, 1)
  await world.send(tickets, 'a', { body: 'x' }, 2)
  expect(await read(world)).toEqual(['a x x! 2'])
  expect((await world.readBytes('letters')).length).toBe(1)
  expect(asked).toEqual(['x'])
})

test('options are checked when the topology is drawn', () => {
  expect(() => etikett({ inFlight: 0 })).toThrow('OPTION_WRONG at inFlight of enrich label: 0 is not a whole number')
  expect(() => etikett({ timeout: 'soon' as never })).toThrow('OPTION_WRONG at timeout of enrich label: "soon"')
  expect(() => etikett({ retry: { attempts: 1.5, backoff: 0 } })).toThrow('retry.attempts of enrich label')
})
