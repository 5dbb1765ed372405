import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

test('every variable of .env.example is read by the desk or by docker compose', () => {
  const names = read('.env.example')
    .split('\n')
    .flatMap(line => /^#?([A-Z_]+)=/.exec(line)?.[1] ?? [])
  const runners = readdirSync(join(root, 'runners'), { recursive: true, encoding: 'utf8' })
  const readers = runners.flatMap(path => (path.endsWith('.ts') ? [read(join('runners', path))] : []))
  const all = [...readers, read('docker-compose.yml')].join('\n')
  expect(names.length).toBeGreaterThan(15)
  expect(names.filter(name => !all.includes(name))).toEqual([])
})
