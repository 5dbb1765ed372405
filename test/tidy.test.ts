import { homedir, hostname } from 'node:os'
import { expect, test } from 'vitest'
import { handedOut, shelves } from './docs/examples.ts'
import { bare, functionsOf, importsOf, lineAt } from './tidy/source.ts'
import { isCode, isGenerated, repositoryFiles, roomOf, roomsOf, root, type SourceFile, told } from './tidy/tree.ts'

const limits = { fileLinesMax: 300, functionLinesMax: 60 } as const

const files = repositoryFiles()
const code = files.filter(isCode)
const ours = code.filter(file => !file.path.startsWith('test/') && !isGenerated(file))
const library = ours.filter(({ path }) => path.startsWith('topology/'))
const rooms = roomsOf(files)

/** Each line of a file that a pattern is found in, as `path:line: what`. */
const linesWith = ({ path, text }: SourceFile, pattern: RegExp, what: string, among = text): string[] =>
  [...among.matchAll(new RegExp(pattern, `${pattern.flags.replace('g', '')}g`))].map(
    ({ index, 0: found }) => `${path}:${lineAt(among, index)}: ${what} (${found.trim()})`,
  )

test('each room imports what its tsconfig.json refers to, and nothing else', () => {
  const violations = ours.flatMap(file => {
    const own = roomOf(file.path, rooms.keys())
    return importsOf(file).flatMap(({ line, path }) => {
      const other = path === undefined ? undefined : roomOf(path, rooms.keys())
      if (own === undefined || other === undefined || other === own || rooms.get(own)!.includes(other)) return []
      return [`${file.path}:${line}: ${own} must not import ${other} (${path})`]
    })
  })
  expect(told(violations)).toBe('')
})

/** By which files of the library other rooms may come in. */
const doors: Readonly<Record<string, RegExp>> = {
  schemas: /^topology\/(index|testing)\.ts$/,
  pipelines: /^topology\/(index|testing)\.ts$/,
  dashboards: /^topology\/(index|testing)\.ts$/,
  runners: /^topology\/((index|testing)\.ts|(ports|plan|task)\/.*|state\/sorted-map\.ts)$/,
}

test('other rooms enter the library by its doors, and pipelines know schemas by theirs', () => {
  const violations = ours.flatMap(file =>
    importsOf(file).flatMap(({ line, path }) => {
      const [room] = file.path.split('/')
      const strange = path?.startsWith('topology/') && doors[room!]?.test(path) === false
      return strange ? [`${file.path}:${line}: ${room} must not reach into the library for ${path}`] : []
    }),
  )
  expect(told(violations)).toBe('')
})

/** What each adapter may know of the others. */
const adapters: Readonly<Record<string, readonly string[]>> = { embedded: ['lmdb'], kafka: ['lmdb'] }
/** Forms of records that several edges share; it knows none of them. */
const shared = 'records'

test('adapters do not know each other', () => {
  const adapterOf = (path: string): string | undefined =>
    /^runners\/(connectors\/[^/]+|[^/]+)\//.exec(path)?.[1]?.replace(/^connectors\//, 'connector ')
  const violations = ours.flatMap(file => {
    const own = adapterOf(file.path)
    if (own === undefined || own === 'cli') return []
    return importsOf(file).flatMap(({ line, path }) => {
      const other = path === undefined ? undefined : adapterOf(path)
      if (other === undefined || other === own || other === shared || adapters[own]?.includes(other)) return []
      return [`${file.path}:${line}: ${own} must not import ${other} (${path})`]
    })
  })
  expect(told(violations)).toBe('')
})

/** Files at the top of the library by what they are to the rooms beneath. Doors may import everything. */
const tops: Readonly<Record<string, readonly string[]>> = {
  door: ['index.ts', 'testing.ts'],
  errors: ['errors.ts', 'promise.ts'],
  formats: ['formats.ts', 'windowed.ts', 'wrapped.ts', 'change.ts'],
  text: ['text.ts', 'room.ts', 'time-bytes.ts', 'sha256.ts', 'abort.ts'],
}

/** Which part of the library may import which; a question mark says: its types alone. `operator` is operators/operator.ts. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  dsl: ['operators', 'graph', 'ports?', 'formats', 'errors'],
  operators: ['graph', 'state', 'ports', 'errors', 'formats', 'text'],
  graph: ['ports?'],
  plan: ['graph', 'errors'],
  task: ['plan', 'graph', 'state', 'ports', 'errors', 'formats', 'text', 'operator'],
  state: ['ports', 'errors', 'formats', 'text', 'operator?'],
  ports: ['text?'],
  testing: ['dsl', 'operators', 'graph', 'plan', 'task', 'state', 'ports', 'errors', 'formats', 'text'],
  errors: [],
  text: [],
  formats: ['ports', 'text', 'errors', 'graph'],
}

const partOf = (path: string): string => {
  const [, folder, ...rest] = path.split('/')
  if (rest.length > 0) return path === 'topology/operators/operator.ts' ? 'operator' : folder!
  return Object.keys(tops).find(part => tops[part]!.includes(folder!)) ?? folder!
}

const asRoom = (part: string): string => (part === 'operator' ? 'operators' : part)

test('inside the library imports follow the arrows: describing and running never meet', () => {
  const violations = library.flatMap(file => {
    const own = asRoom(partOf(file.path))
    if (own === 'door') return []
    if (!(own in arrows)) return [`${file.path}:1: no rule knows this part of the library`]
    return importsOf(file).flatMap(({ line, path, typesOnly }) => {
      if (path === undefined) return []
      const other = partOf(path)
      const allowed = [other, asRoom(other)].some(
        part => part === own || arrows[own]!.includes(part) || (typesOnly && arrows[own]!.includes(`${part}?`)),
      )
      return allowed ? [] : [`${file.path}:${line}: ${own} must not import ${typesOnly ? 'types of ' : ''}${path}`]
    })
  })
  expect(told(violations)).toBe('')
})

test('the library is pure: no package, no clock, no chance, nothing of a platform', () => {
  const platform =
    /\b(Date\.now|new Date\(\)|Math\.random|performance\.now|Buffer\b|process\.(?:env|argv|exit|cwd|nextTick|on|stdout|stderr)|console\.|setTimeout|setInterval|setImmediate|queueMicrotask|require\(|globalThis)/
  const violations = library.flatMap(file => [
    ...importsOf(file).flatMap(({ line, from, path }) =>
      path?.startsWith('topology/') ? [] : [`${file.path}:${line}: imports ${from}`],
    ),
    ...linesWith(file, platform, 'is not pure', bare(file.text)),
  ])
  expect(told(violations)).toBe('')
})

test(`files have ${limits.fileLinesMax} lines and functions ${limits.functionLinesMax} at most`, () => {
  const violations = ours.flatMap(({ path, text }) => {
    const lines = text.trimEnd().split('\n').length
    return [
      ...(lines > limits.fileLinesMax ? [`${path}:${lines}: the file has ${lines} lines`] : []),
      ...functionsOf(text)
        .filter(found => found.lines > limits.functionLinesMax)
        .map(found => `${path}:${found.line}: the function has ${found.lines} lines`),
    ]
  })
  expect(told(violations)).toBe('')
})

test('nothing is of any type', () => {
  const pattern = /(?:[:<|&]|\bas|\bextends|=>)\s*any\b(?!\s*[.(])|\bany\[\]|,\s*any\s*[,>]/
  expect(told(ours.flatMap(file => linesWith(file, pattern, 'any', bare(file.text))))).toBe('')
})

/** Put together from halves, so that this file does not find itself. */
const halves = (...words: readonly (readonly [string, string])[]): RegExp =>
  new RegExp(words.map(([one, other]) => `\\b${one}${other}\\b`).join('|'))

test('nothing is left for later, silenced or run alone', () => {
  const later = halves(['TO', 'DO'], ['FIX', 'ME'], ['XX', 'X'], ['HA', 'CK'])
  const silenced = new RegExp(`@ts-${'ignore'}|@ts-${'nocheck'}`)
  const alone = new RegExp(`\\b(?:test|describe|it|suite)\\.${'only'}\\b`)
  const violations = code.flatMap(file => [
    ...linesWith(file, later, 'left for later'),
    ...linesWith(file, silenced, 'silenced'),
    ...linesWith(file, alone, 'runs alone', bare(file.text)),
    ...linesWith(file, /\bdebugger\b/, 'stops', bare(file.text)),
  ])
  expect(told(violations)).toBe('')
})

/** The registry that npm was told to use, as it tells its scripts: its name is nobody else's business. */
const registries = (): string[] =>
  [...(process.env.npm_config_registry ?? '').matchAll(/https?:\/\/([^/\s:]+)/g)].map(([, host]) => host!)

test('no file names a machine, a folder of one, a registry or an address to download from', () => {
  const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  const here = [root, `${homedir()}/`, ...registries(), ...(hostname().length > 8 ? [hostname()] : [])]
  const patterns = [
    ...here.filter(name => name.length > 5 && name !== 'localhost').map(escaped),
    `\\/(?:home|Users)\\/[a-z][\\w.-]*\\/`,
    `\\bregistry\\.(?:npmjs|yarnpkg|npmmirror)\\.`,
    `https?:\\/\\/[^\\s'"\`)]+\\.(?:tgz|tar\\.gz|zip|jar|deb)\\b`,
  ]
  const violations = files.flatMap(file => linesWith(file, new RegExp(patterns.join('|')), 'names a machine'))
  expect(told(violations)).toBe('')
})

test('lock files of npm keep no download addresses', () => {
  const locks = files.filter(({ path }) => /(^|\/)package-lock\.json$/.test(path))
  expect(locks.length).toBeGreaterThan(0)
  expect(told(locks.flatMap(file => linesWith(file, /"resolved"/, 'keeps an address')))).toBe('')
})

test('every public name has a sentence and an example', () => {
  const violations = shelves
    .flatMap(({ doors }) => doors)
    .flatMap(door => {
      const names = handedOut(door)
      expect(names.length).toBeGreaterThan(5)
      return names.flatMap(({ door: from, name, path }) => {
        // What another door hands out is told there.
        if (shelves.some(({ doors }) => doors.includes(path))) return []
        const file = ours.find(other => other.path === path)
        const declared = file?.text.match(
          new RegExp(
            `(/\\*\\*(?:(?!\\*/)[\\s\\S])*\\*/\\n)?export (?:abstract )?(?:const|function|class|interface|type) ${name}\\b`,
          ),
        )
        if (!file || !declared) return [`${from}:1: ${name} is not declared in ${path}`]
        const at = `${path}:${lineAt(file.text, declared.index! + (declared[1]?.length ?? 0))}: ${name}`
        const [words = '', ...examples] = (declared[1] ?? '').split('@example')
        return [
          ...(/\w[^.]*[.:]/.test(words) ? [] : [`${at} has no sentence`]),
          ...(examples.some(example => /\w/.test(example)) ? [] : [`${at} has no example`]),
        ]
      })
    })
  expect(told(violations)).toBe('')
})
