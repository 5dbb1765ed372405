import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tlsFromFiles } from '../../../schemas/registry/address.ts'
import { httpRegistry } from '../../../schemas/registry/http.ts'
import { temporaryFolder } from './served.ts'

let folder: string
let server: Server
let url: string
const at = (name: string) => join(folder, name)
const openssl = (...args: string[]) => promisify(execFile)('openssl', args, { cwd: folder })

/** A certificate authority of our own, a certificate for localhost, and one for the client. */
const makeCertificates = async () => {
  const short = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  await openssl('req', '-x509', ...short, '-subj', '/CN=desk authority', '-keyout', 'ca.key', '-out', 'ca.pem')
  for (const [name, subject] of [
    ['server', '/CN=localhost'],
    ['client', '/CN=desk'],
  ] as const) {
    const extra = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-CA', 'ca.pem', '-CAkey', 'ca.key']
    await openssl('req', '-x509', ...short, '-subj', subject, ...extra, '-keyout', `${name}.key`, '-out', `${name}.pem`)
  }
}

beforeAll(async () => {
  folder = await temporaryFolder()
  await makeCertificates()
  const [key, cert, ca] = ['server.key', 'server.pem', 'ca.pem'].map(name => readFileSync(at(name)))
  server = createServer(
    { key: key!, cert: cert!, ca: ca!, requestCert: true, rejectUnauthorized: true },
    (_, response) => response.end('{"schema":"\\"int\\""}'),
  )
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  url = `https://localhost:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await rm(folder, { recursive: true })
})

const patience = { deadlineMs: 300, firstGapMs: 5, gapMaxMs: 20 }

test('an authority of our own and a certificate of the client let in', async () => {
  const tls = tlsFromFiles({ ca: at('ca.pem'), cert: at('client.pem'), key: at('client.key') })
  const registry = httpRegistry({ url, tls, patience })
  expect(await registry.schemaOf(1)).toBe('"int"')
  await registry.close()
})

test('a certificate that nobody vouches for is refused, and the error says so', async () => {
  await expect(httpRegistry({ url, patience }).schemaOf(1)).rejects.toThrow(/cannot be reached: .*certificate/)
})

test('so is one for another name', async () => {
  const tls = { ...tlsFromFiles({ ca: at('ca.pem') }), serverName: 'elsewhere.example' }
  await expect(httpRegistry({ url, tls, patience }).schemaOf(1)).rejects.toThrow(/cannot be reached: .*(altnames|Host)/)
})

test('a file that is not there is named', () => {
  expect(() => tlsFromFiles({ ca: at('none.pem') })).toThrow(`The ca file ${at('none.pem')} cannot be read`)
})
