import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newFolder, root } from './folder.ts'

const desk = () => newFolder({ 'word-count.ts': readFileSync(join(root, 'pipelines/examples/word-count.ts'), 'utf8') })

test('help names every command, and the flags of one with their twins', async () => {
  const { franz } = desk()
  const help = await franz('--help')
  expect(help.code).toBe(0)
  for (const command of [
    'start',
    'run',
    'describe',
    'diff',
    'lock',
    'topics',
    'produce',
    'tail',
    'lag',
    'reset',
    'dlq',
    'demo',
    'token',
    'discord',
    'doctor',
  ]) {
    expect(help.says).toContain(`franz ${command}`)
  }
  expect((await franz('tail --help')).says).toContain('FRANZ_DATA')
})

test('a wrong word is met with the nearest right one', async () => {
  const { franz } = desk()
  expect(await franz('prodce lines')).toMatchObject({
    code: 2,
    says: expect.stringContaining('Did you mean "franz produce"?'),
  })
  expect(await franz('tail lines --fron start')).toMatchObject({ code: 2, says: expect.stringContaining('--fron') })
  expect(await franz('run nowhere.ts')).toMatchObject({
    code: 1,
    says: expect.stringContaining('there is no file nowhere.ts'),
  })
  expect(await franz('tail lines')).toMatchObject({ code: 1, says: expect.stringContaining('no data folder ./data') })
})

test('a file without a topology, and one that does not load, are told apart', async () => {
  const { folder, franz } = desk()
  writeFileSync(join(folder, 'empty.ts'), 'export const nothing = 1\n')
  expect(await franz('describe empty.ts')).toMatchObject({
    code: 3,
    says: expect.stringContaining('no topology as its default export'),
  })
  writeFileSync(join(folder, 'broken.ts'), "import { nothing } from './not-there.ts'\nexport default nothing\n")
  expect(await franz('describe broken.ts')).toMatchObject({
    code: 3,
    says: expect.stringContaining('broken.ts cannot be loaded'),
  })
})

test('a pipeline runs, counts once through kill -9, and a second runner is refused', async () => {
  const { franz, start } = desk()
  const first = start('run word-count.ts --data kept')
  await first.says(/word-count runs on kept/)
  const twin = { FRANZ_DATA: 'kept' }
  expect((await franz('produce lines', '{"key":"a","value":"to be"}\n{"value":"to do"}\n', twin)).says).toContain(
    '2 records appended',
  )
  const second = await franz('run word-count.ts', undefined, twin)
  expect(second.code).toBe(1)
  expect(second.says).toContain('already runs on kept, in process')

  const wrong = await franz('produce lines', '{"value":"never"}\nnonsense\n', twin)
  expect(wrong).toMatchObject({ code: 3, says: expect.stringContaining('line 2: it is not JSON') })
  expect(wrong.says).toContain('Nothing was written')
  expect(await franz('tail linse', undefined, twin)).toMatchObject({
    code: 1,
    says: expect.stringContaining('Did you mean "lines"?'),
  })

  const watching = start('tail word-counts --from start --data kept')
  await watching.says(/to {2}2/)
  watching.signal('SIGINT')
  first.signal('SIGKILL')
  await first.ended
  const again = start('run word-count.ts --data kept')
  await again.says(/word-count runs on kept/)
  await franz('produce lines', '{"value":"to"}\n', twin)
  const later = start('tail word-counts --from start --format json --data kept')
  await later.says(/"key":"to","value":"3"/)
  later.signal('SIGINT')
  await later.ended
  const counts = later.output
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as { key: string; value: string })
  expect(counts.filter(({ key }) => key === 'to').map(({ value }) => value)).toEqual(['1', '2', '3'])
  again.signal('SIGTERM')
  expect(await again.ended).toBe(0)
})

test('a lock file is written, and a change that loses state is refused with what to do', async () => {
  const { folder, franz } = desk()
  expect(await franz('diff word-count.ts')).toMatchObject({
    code: 1,
    says: expect.stringContaining('franz lock word-count.ts'),
  })
  expect(await franz('lock word-count.ts')).toMatchObject({ code: 0 })
  expect(await franz('diff word-count.ts')).toMatchObject({ code: 0, says: expect.stringContaining('as locked') })
  const file = join(folder, 'word-count.ts')
  writeFileSync(file, readFileSync(file, 'utf8').replace("count('words')", "count('word-totals')"))
  const changed = await franz('diff word-count.ts')
  expect(changed.code).toBe(1)
  expect(changed.says).toContain('LOSES STORE  store words: renamed')
})

test('a port that is taken is named, with the flag that helps', async () => {
  const { start, franz } = desk()
  const first = start('start --port 0 --rate 0 --data one')
  const [, port] = await first.says(/dashboard +http:\/\/127\.0\.0\.1:(\d+)/)
  expect(await franz(`start --port ${port} --rate 0 --data two`)).toMatchObject({
    code: 1,
    says: expect.stringMatching(
      new RegExp(`port ${port} is taken by process \\d+ \\(.*franz.*\\)\\. Choose another with --port`),
    ),
  })
  first.signal('SIGINT')
  await first.ended
})
