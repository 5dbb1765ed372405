import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Parts that all test files of one run share. The process of Vitest itself owns them: it starts each when a test first
// asks for it, over a socket, and stops them when the run is over.

interface Shared {
  stop(): Promise<void>
}

const variable = 'FRANZ_TEST_PARTS'

const makers = {
  kafka: async () => (await import('./kafka.ts')).startKafka(),
  postgres: async () => (await import('./postgres.ts')).startPostgres(),
}

export type SharedName = keyof typeof makers
type SharedPart<Name extends SharedName> = Omit<Awaited<ReturnType<(typeof makers)[Name]>>, 'stop'>

const serve = (started: Map<string, Promise<Shared>>): Server =>
  createServer((asked, answer) => {
    const name = asked.url!.slice(1) as SharedName
    const part = started.get(name) ?? makers[name]()
    started.set(name, part)
    part.then(
      what => answer.end(JSON.stringify(what)),
      (error: Error) => answer.writeHead(500).end(error.message),
    )
  })

/** Vitest calls this once for each project, before the first test; what it returns, after the last. */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env[variable] !== undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'franz-parts-'))
  const started = new Map<string, Promise<Shared>>()
  const server = serve(started)
  const path = join(folder, 'socket')
  await new Promise<void>(resolve => server.listen(path, resolve))
  process.env[variable] = path
  return async () => {
    const running = await Promise.allSettled(started.values())
    await Promise.all(running.map(part => (part.status === 'fulfilled' ? part.value.stop() : undefined)))
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
    rmSync(folder, { recursive: true, force: true })
    delete process.env[variable]
  }
}

/** What the part says of itself, as JSON carries it: addresses, but no functions. */
export const fromSession = <Name extends SharedName>(name: Name): Promise<SharedPart<Name>> =>
  new Promise((resolve, reject) => {
    const socketPath = process.env[variable]
    if (socketPath === undefined) throw new Error('shared parts are there in tests only; start one of your own')
    const asked = request({ socketPath, path: `/${name}` }, async answer => {
      const chunks: Buffer[] = []
      for await (const chunk of answer) chunks.push(chunk as Buffer)
      const text = Buffer.concat(chunks).toString()
      if (answer.statusCode === 200) resolve(JSON.parse(text) as SharedPart<Name>)
      else reject(new Error(text))
    })
    asked.once('error', reject)
    asked.end()
  })
