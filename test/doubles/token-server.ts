import { createSign, generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Gives out tokens to whoever knows the secret, and the key by which others know them: the two ends of OpenID Connect that Kafka uses. */
export interface TokenServer {
  readonly tokenUrl: string
  readonly keysUrl: string
  close(): Promise<void>
}

const lifeSeconds = 3_600
const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')

export const startTokenServer = async (client: string, secret: string, audience: string): Promise<TokenServer> => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const keys = JSON.stringify({
    keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }],
  })
  const token = (): string => {
    const now = Math.floor(Date.now() / 1_000)
    const claims = { sub: client, aud: audience, iss: 'desk', iat: now, exp: now + lifeSeconds, scope: 'kafka' }
    const signed = `${encoded({ alg: 'RS256', typ: 'JWT', kid: 'one' })}.${encoded(claims)}`
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')}`
  }
  const allowed = `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}`
  const server = createServer((request, response) => {
    request.resume()
    response.setHeader('content-type', 'application/json')
    if (request.url === '/keys') response.end(keys)
    else if (request.headers.authorization !== allowed) response.writeHead(401).end('{"error":"invalid_client"}')
    else response.end(JSON.stringify({ access_token: token(), token_type: 'Bearer', expires_in: lifeSeconds }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    tokenUrl: `${url}/token`,
    keysUrl: `${url}/keys`,
    close: () => new Promise<void>(resolve => server.close(() => resolve())),
  }
}
