import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { JournalDamage } from '../../../../schemas/registry/local/journal.ts'
import { openLocalRegistry } from '../../../../schemas/registry/local/local-registry.ts'
import { temporaryFolder } from '../served.ts'
import { act, stateOf } from './crash-acts.ts'

const child = fileURLToPath(new URL('./crash-child.ts', import.meta.url))
let folder: string
/** The state after each number of acts, from a registry that never crashed. */
const states: string[] = []
let twin: { folder: string; next: number }

beforeAll(async () => {
  folder = await temporaryFolder()
  twin = { folder: await temporaryFolder(), next: 0 }
})
afterAll(async () => {
  for (const each of [folder, twin.folder]) await rm(each, { recursive: true, force: true })
})

const statesUpTo = async (number: number): Promise<void> => {
  const registry = await openLocalRegistry(twin.folder, { to: 'write' })
  if (states.length === 0) states.push(stateOf(registry))
  for (; twin.next < number; twin.next++) {
    await act(registry, twin.next)
    states.push(stateOf(registry))
  }
  await registry.close()
}

/** Runs acts from `first` until the process is dead; gives how many acts were answered in all. */
const runUntilKilled = async (first: number, point: string, dieAt: number, killAfterMs?: number): Promise<number> => {
  const args = ['--import', 'tsx', child, folder, String(first), point, String(dieAt)]
  const running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  let complaint = ''
  running.stdout.setEncoding('utf8').on('data', text => {
    if (said === '' && killAfterMs !== undefined) setTimeout(() => running.kill('SIGKILL'), killAfterMs)
    said += text
  })
  running.stderr.setEncoding('utf8').on('data', text => {
    complaint += text
  })
  const [code, signal] = await once(running, 'close')
  expect({ code, signal, complaint }).toEqual({ code: null, signal: 'SIGKILL', complaint: '' })
  const answered = said.split('\n').slice(0, -1)
  return answered.length === 0 ? first : Number(answered.at(-1)) + 1
}

/** Opens what was left behind: it is the state after all that was answered, or after one act more. Gives the acts done. */
const actsDone = async (answered: number): Promise<number> => {
  await statesUpTo(answered + 1)
  const registry = await openLocalRegistry(folder, { to: 'write' })
  const state = stateOf(registry)
  await registry.close()
  expect([states[answered], states[answered + 1]]).toContain(state)
  return state === states[answered] ? answered : answered + 1
}

const points = ['before the write', 'half written', 'written, not synced', 'synced, not answered']

test('a kill -9 at any named point or moment leaves each change whole or absent, and loses none that was answered', async () => {
  let done = 0
  const outcomes = { whole: 0, absent: 0 }
  for (let round = 0; round < 48; round++) {
    const point = round % 8 < 4 ? points[round % 4]! : 'none'
    const dieAt = done + 1 + (round % 5)
    const answered = await runUntilKilled(done, point, dieAt, point === 'none' ? (round * 7) % 60 : undefined)
    if (point !== 'none') expect(answered).toBe(dieAt)
    done = await actsDone(answered)
    outcomes[done === answered ? 'absent' : 'whole']++
    // What the file says before its sync is not promised, but killing a process does not lose it.
    if (point === 'before the write' || point === 'half written') expect(done).toBe(answered)
    if (point === 'synced, not answered') expect(done).toBe(answered + 1)
  }
  expect(outcomes.whole).toBeGreaterThan(5)
  expect(outcomes.absent).toBeGreaterThan(5)
}, 300_000)

test('a kill -9 while the registry is made leaves none, or an empty one', async () => {
  const first = folder
  for (const point of ['before the write', 'half written', 'written, not synced', 'before the rename', 'renamed']) {
    folder = await temporaryFolder()
    await runUntilKilled(0, point, 0)
    expect(existsSync(join(folder, 'schemas.journal'))).toBe(point === 'renamed')
    expect(await actsDone(0)).toBe(0)
    await rm(folder, { recursive: true })
  }
  folder = first
}, 60_000)

test('the file that survived all this still tells a flipped bit', async () => {
  const path = join(folder, 'schemas.journal')
  const bytes = await readFile(path)
  bytes[bytes.length >> 1] = bytes[bytes.length >> 1]! ^ 1
  const { writeFile } = await import('node:fs/promises')
  await writeFile(path, bytes)
  await expect(openLocalRegistry(folder, { to: 'read' })).rejects.toThrow(JournalDamage)
})
