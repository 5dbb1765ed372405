import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Unfit } from '../../../../dashboards/api/index.ts'
import discordAufbereitung from '../../../../pipelines/desk/discord-aufbereitung.ts'
import { DeskDeadLetters } from '../../../../runners/cli/desk/ports/dead-letters.ts'
import { openFolder } from '../../../../runners/cli/open-log.ts'
import { run } from '../../../../runners/host/index.ts'
import { dataRegistry } from '../../../../schemas/index.ts'

const bad = '{"message":"The printer is on fire","username":"ada","timestamp":"yesterday"}'

test('a dead letter is found with its reason, corrected and sent back, and its ticket goes on', async () => {
  const data = mkdtempSync(join(tmpdir(), 'franz-dead-letters-'))
  const opened = await openFolder(data)
  const { registry, close } = await dataRegistry(data)
  const running = await run(discordAufbereitung, { log: opened.log, registry, only: ['tasks'], partitions: 2 })
  onTestFinished(async () => {
    await running.stop()
    await close()
    await opened.close()
  })
  const records = [{ key: Buffer.from('77'), value: Buffer.from(bad), timestamp: 5_000, headers: [] }]
  await opened.operations.append([{ topic: 'discordMSG', partition: 1, records }])
  const letters = new DeskDeadLetters(opened, registry)
  const ticketsMade = async () => (await opened.log.ends({ topic: 'tickets-unnumbered', partition: 0 })).next
  const lettersOf = async (text?: string) => letters.list({ limit: 10, ...(text !== undefined && { text }) })
  const until = async (holds: () => Promise<boolean>) => {
    while (!(await holds())) await new Promise(resolve => setTimeout(resolve, 10))
  }

  await until(async () => (await lettersOf()).length === 1)
  const [letter] = await lettersOf('yesterday')
  expect(letter).toMatchObject({
    ...{ topic: 'tickets-formatted-dlq', key: '77', value: bad, format: 'text', attempts: 1, redriven_at: null },
    error: { message: expect.stringContaining('timestamp is "yesterday"'), stack: expect.stringContaining('Error') },
    origin: { topic: 'discordMSG', partition: 1, offset: 0 },
  })
  expect(await lettersOf('nothing like it')).toEqual([])
  expect(await letters.list({ limit: 10, before: letter!.id })).toEqual([])
  expect(await letters.show('tickets-formatted-dlq-0-99')).toBeUndefined()
  expect(await letters.show('passwords-0-0')).toBeUndefined()

  // Unchanged it comes back, with the number of the attempt.
  await letters.redrive(letter!.id)
  await until(async () => (await lettersOf()).length === 2)
  expect((await lettersOf()).map(({ attempts }) => attempts).sort()).toEqual([1, 2])
  await expect(letters.redrive(letter!.id, '{"message":1}')).rejects.toThrow(Unfit)
  expect(await letters.redrive(letter!.id, bad.replace('yesterday', '2026-03-01T10:00:00Z'))).toEqual({
    ...{ topic: 'discordMSG', partition: 1 },
  })
  await until(async () => (await ticketsMade()) === 1)
  expect((await letters.show(letter!.id))!.redriven_at).toMatch(/^\d{4}-/)
  expect(await lettersOf()).toHaveLength(2)
})
