import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openLocalRegistry } from '../../../../schemas/registry/local/local-registry.ts'
import { serveRegistry } from '../../../../schemas/registry/local/server.ts'
import { body, type Served, served } from '../served.ts'

let its: Served
beforeEach(async () => {
  its = await served()
})
afterEach(() => its.stop())

const one = body('Ticket', { id: 'string' })

/** Sends bytes as they are and gives what comes back until the server closes. */
const raw = (text: string, { andWait = true } = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(its.url)
    const socket = connect(Number(port), hostname, () => socket.write(text))
    let said = ''
    socket.on('data', bytes => {
      said += bytes
      if (!andWait) socket.end()
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(said))
  })

const request = (line: string, headers: string[] = [], sent = '') =>
  raw([line, 'Host: 127.0.0.1', 'Connection: close', ...headers, '', sent].join('\r\n'))

describe('the server gives nothing away and cannot be tied up', () => {
  test('dots in a path are a name, and no file but its own is made', async () => {
    const sent = JSON.stringify(one)
    const headers = ['Content-Type: application/json', `Content-Length: ${sent.length}`]
    for (const name of ['..', '.', '%2e%2e%2f%2e%2e', '..%2f..%2fetc%2fpasswd', '%2e']) {
      expect(await request(`POST /subjects/${name}/versions HTTP/1.1`, headers, sent)).toContain('{"id":1}')
    }
    expect((await readdir(its.folder)).sort()).toEqual([
      expect.stringMatching(/^owner-[0-9a-f]{8}\.sock$/),
      'schemas.journal',
    ])
    expect(await request('GET /../../../../etc/passwd HTTP/1.1')).toContain('404')
    expect((await its.ask('GET', '/subjects')).json.sort()).toEqual(['.', '..', '../..', '../../etc/passwd'])
  })

  test('a page that points its own name at this machine is refused', async () => {
    for (const host of ['evil.example:80', '127.0.0.1.evil.example', '127.evil.example', '']) {
      const said = await raw(`GET /subjects HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
      expect(said).toMatch(/^HTTP\/1\.1 403 /)
    }
    for (const host of ['localhost:8081', '127.0.0.1', '[::1]:9']) {
      expect(await raw(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 /)
    }
  })

  test('a form of a web page is no body', async () => {
    const reply = await its.ask('POST', '/subjects/s/versions', JSON.stringify(one), { 'content-type': 'text/plain' })
    expect([reply.status, reply.json.error_code]).toEqual([415, 415])
  })

  test('a body that is too long is refused before it is read, announced or not', async () => {
    const announced = await request('POST /subjects/s/versions HTTP/1.1', ['Content-Length: 99999999999'])
    expect(announced).toMatch(/^HTTP\/1\.1 413 /)
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
    const endless = await raw(
      `POST /subjects/s/versions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(80)}`,
    ).catch(error => String(error))
    expect(endless).toMatch(/413|ECONNRESET|EPIPE/)
    expect((await its.ask('GET', '/subjects')).status).toBe(200)
  })

  test('headers that are too long are refused', async () => {
    expect(await request('GET / HTTP/1.1', [`X-Long: ${'x'.repeat(20_000)}`])).toMatch(/^HTTP\/1\.1 431 /)
  })

  test('a schema that is nested without end, or long, is a refusal', async () => {
    const deep = `${'{"type":"array","items":'.repeat(3_000)}"int"${'}'.repeat(3_000)}`
    expect((await its.ask('POST', '/subjects/s/versions', { schema: deep })).json.error_code).toBe(42201)
    const long = JSON.stringify({ type: 'enum', name: 'E', symbols: ['A'], doc: 'x'.repeat(1_100_000) })
    expect((await its.ask('POST', '/subjects/s/versions', { schema: long })).json.error_code).toBe(42201)
  })

  test('what is not HTTP ends that connection and no other', async () => {
    expect(await raw('\u0000\u0001\u0002nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
    expect((await its.ask('GET', '/subjects')).status).toBe(200)
  })
})

describe('a password', () => {
  test('is asked for, compared whole, and told in no answer', async () => {
    const mine = await served({ auth: { username: 'desk', password: 'canary-7f3a' } })
    try {
      const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })
      const without = await mine.ask('GET', '/subjects')
      expect([without.status, without.json.error_code]).toEqual([401, 401])
      expect(without.headers.get('www-authenticate')).toMatch(/^Basic /)
      for (const wrong of ['desk:canary-7f3', 'desk:canary-7f3aa', 'Desk:canary-7f3a', ':']) {
        const reply = await mine.ask('GET', '/subjects', undefined, basic(wrong))
        expect(reply.status).toBe(401)
        expect(reply.text).not.toContain('canary')
      }
      expect((await mine.ask('GET', '/subjects', undefined, basic('desk:canary-7f3a'))).status).toBe(200)
    } finally {
      await mine.stop()
    }
  })

  test('is demanded before the registry is opened to the network', async () => {
    await expect(serveRegistry(its.registry, { host: '0.0.0.0' })).rejects.toThrow('give it a user name and a password')
  })
})

test('a port that is taken is told as such', async () => {
  const port = Number(new URL(its.url).port)
  await expect(serveRegistry(its.registry, { port })).rejects.toThrow(`127.0.0.1:${port}: the port is taken`)
})

test('a folder in which nothing was ever registered cannot be opened for reading', async () => {
  await expect(openLocalRegistry(`${its.folder}/none`, { to: 'read' })).rejects.toThrow(
    `${its.folder}/none cannot be opened`,
  )
})
