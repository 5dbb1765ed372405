import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { type GreenMail, startGreenMail } from './greenmail.ts'
import { lacks } from './parts.ts'
import { freshDatabase, sharedPostgres } from './postgres.ts'

test('when everything is there, installing the parts says nothing and takes an instant', () => {
  const installer = fileURLToPath(new URL('../install.mjs', import.meta.url))
  const { stderr } = spawnSync(process.execPath, [installer], { encoding: 'utf8' })
  expect(stderr.replace(/^.*(SKIPPING|MISSING|parts are missing).*\n/gm, '')).toBe('')
})

test.skipIf(lacks('postgres'))('test files share one PostgreSQL, each with a database of its own', async () => {
  const server = await sharedPostgres()
  expect((await sharedPostgres()).port).toBe(server.port)
  const client = new pg.Client({ connectionString: await freshDatabase(server, 'parts') })
  await client.connect()
  await client.query('create table kept (id integer primary key)')
  const other = new pg.Client({ connectionString: await freshDatabase(server, 'other') })
  await other.connect()
  await expect(other.query('select * from kept')).rejects.toThrow('does not exist')
  await client.end()
  await other.end()
})

describe.skipIf(lacks('greenmail'))('GreenMail', () => {
  let mail: GreenMail | undefined
  afterAll(() => mail?.stop())

  test('answers with the mailboxes that it was started with, and again after a kill', async () => {
    mail = await startGreenMail({ users: [{ login: 'desk', password: 'secret', address: 'desk@example.org' }] })
    const users = async (): Promise<unknown> => (await fetch(`${mail!.api}/api/user`)).json()
    expect(await users()).toEqual([{ login: 'desk', email: 'desk@example.org' }])
    await mail.kill()
    await expect(users()).rejects.toThrow('fetch failed')
    await mail.start()
    expect(await users()).toHaveLength(1)
  })
})
