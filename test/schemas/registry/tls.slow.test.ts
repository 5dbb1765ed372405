import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tlsFromFiles } from '../../../schemas/registry/address.ts'
import { httpRegistry } from '../../../schemas/registry/http.ts'
import { type Certificates, makeCertificates } from '../../parts/certificates.ts'
import { temporaryFolder } from './served.ts'

let folder: string
let server: Server
let url: string
let at: Certificates

beforeAll(async () => {
  folder = await temporaryFolder()
  at = await makeCertificates(folder, 'desk')
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
