import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { Program, runs } from './process.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

interface Pipeline {
  readonly topics: readonly { readonly name: string; readonly records: number }[]
}

const countOf = async (url: string, topic: string): Promise<number> => {
  const { topics } = (await (await fetch(`${url}/api/pipeline`)).json()) as Pipeline
  return topics.find(({ name }) => name === topic)?.records ?? 0
}

const ticket = {
  id: 'mine',
  origin: 'API',
  category: 'Other',
  priority: 'High',
  subject: 'Hello',
  body: 'my very first ticket',
}

test('a newcomer clones, types npm start, sends a ticket, sees it come out, stops, starts again and finds it there', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'franz-newcomer-')), 'franz')
  await runs('git', ['clone', '--quiet', root, folder], { cwd: tmpdir() })

  const start = () => new Program('npm', ['start', '--', '--port', '0', '--rate', '0'], { cwd: folder })
  const first = start()
  const [, url] = await first.says(/page +(http:\S+)/)
  expect(await (await fetch(url!)).text()).toContain('<title>franz</title>')
  const franz = (...args: string[]) => ['bin/franz.mjs', ...args, '--data', 'data']
  const input = JSON.stringify({ key: 'mine', value: ticket })
  await runs('node', franz('produce', 'demo-tickets'), { cwd: folder, input })
  const tail = new Program('node', franz('tail', 'demo-urgent', '--from', 'start'), { cwd: folder })
  await tail.says(/my very first ticket/)
  tail.signal('SIGTERM')
  first.signal('SIGINT')
  await first.says(/franz stopped/)
  await first.ended

  const second = start()
  const [, again] = await second.says(/page +(http:\S+)/)
  expect(await countOf(again!, 'demo-urgent')).toBe(1)
  expect(await countOf(again!, 'demo-per-category')).toBe(1)
  second.signal('SIGINT')
  await second.ended
})
