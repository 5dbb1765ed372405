import { readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CommandError } from '../command.ts'
import type { Figures } from './figures.ts'

const host = '127.0.0.1'
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'"

const files: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
}

export interface Page {
  readonly url: string
  close(): Promise<void>
}

/** Serves the page and its figures, on loopback only. */
export const servePage = async (figures: Figures, port: number): Promise<Page> => {
  const server = createServer(async ({ url = '/' }, response) => {
    const path = url.split('?')[0]!
    if (path === '/api/pipeline')
      return answer(
        response,
        200,
        'application/json',
        JSON.stringify({ name: figures.name, nodes: figures.nodes, topics: figures.topics() }),
      )
    const file = files[path]
    if (file === undefined) return answer(response, 404, 'text/plain', 'There is nothing here.')
    answer(response, 200, file[1], await readFile(new URL(`assets/${file[0]}`, import.meta.url)))
  })
  await new Promise<void>((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      fail(
        error.code === 'EADDRINUSE'
          ? new CommandError(
              'failed',
              `port ${port} is taken by another process. Choose another with --port, or 0 for a free one.`,
            )
          : error,
      ),
    )
    server.listen(port, host, done)
  })
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(done => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

const answer = (response: ServerResponse, status: number, type: string, body: string | Buffer): void => {
  response.writeHead(status, {
    'content-type': type,
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(body)
}
