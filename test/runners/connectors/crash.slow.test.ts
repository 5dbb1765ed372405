import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const child = fileURLToPath(new URL('crash-child.ts', import.meta.url))
const rounds = 20
const linesAtOnce = 20
const sendsAfterFirst = 20
const keys = 7

const sizeOf = (path: string): number => (existsSync(path) ? statSync(path).size : 0)

interface Written {
  readonly partition: number
  readonly offset: number
  readonly key: string
  readonly value: string
}

test('lines of a file come out at another one once and in order, however often the process is killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'franz-crash-'))
  const [data, input, output] = ['data', 'in.jsonl', 'out.jsonl'].map(name => join(folder, name)) as [
    string,
    string,
    string,
  ]
  let sent = 0
  const send = (): void => {
    const lines = Array.from({ length: linesAtOnce }, () =>
      JSON.stringify({ key: `k${sent % keys}`, value: String(sent++) }),
    )
    appendFileSync(input, `${lines.join('\n')}\n`)
  }
  // A kill with nothing left to do would prove nothing: it is void, and another one comes for it.
  let voided = 0
  for (let kills = 0; kills - voided < rounds; kills++) {
    const running = spawn(process.execPath, ['--import', 'tsx', child, data, input, output], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = new Promise(resolve => running.once('exit', resolve))
    await new Promise(resolve => running.stdout.once('data', resolve))
    // Lines keep coming until the kill, which is a random while after the first line of this round that came out.
    const before = sizeOf(output)
    while (sizeOf(output) === before) {
      send()
      await pause(1)
    }
    for (let left = Math.random() * sendsAfterFirst; left > 0; left--) {
      send()
      await pause(1)
    }
    running.kill('SIGKILL')
    await ended
    if (linesIn(output) >= sent) voided++
    expect(voided, 'kills that came when all was done').toBeLessThan(rounds)
  }
  const last = spawn(process.execPath, ['--import', 'tsx', child, data, input, output], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise(resolve => last.once('exit', resolve))
  while (linesIn(output) < sent) await pause(10)
  last.kill('SIGKILL')
  await ended

  const written = readFileSync(output, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Written)
  const offsets = [0, 1].map(own => written.filter(({ partition }) => partition === own).map(({ offset }) => offset))
  for (const each of offsets) expect(each).toEqual(each.map((_, at) => at))
  for (let key = 0; key < keys; key++) {
    const values = written.filter(each => each.key === `k${key}`).map(({ value }) => Number(value))
    expect(values).toEqual(Array.from({ length: sent }, (_, at) => at).filter(at => at % keys === key))
  }
})

const linesIn = (path: string): number => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0)
