import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { oauthToken } from '../../../../runners/connectors/mail/index.ts'

interface Asked {
  readonly [name: string]: string
}

/** A token server: it answers what it is told to, one answer after another, and keeps what it was asked. */
const startTokens = async (...answers: readonly (readonly [status: number, body: object])[]) => {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const piece of request) text += piece
    const [status, body] = answers[Math.min(asked.length, answers.length - 1)]!
    asked.push(Object.fromEntries(new URLSearchParams(text)))
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`, asked }
}

const secrets = { clientId: 'desk', clientSecret: 'secret-of-the-client', refreshToken: 'token-that-lasts' } as const

test('an access token is asked for with the one that lasts, and used as long as it may be', async () => {
  const { url, asked } = await startTokens([200, { access_token: 'a1', expires_in: 3_600 }])
  const token = oauthToken({ tokenUrl: url, ...secrets })
  expect([await token(), await token()]).toEqual(['a1', 'a1'])
  expect(asked).toEqual([
    {
      ...{ grant_type: 'refresh_token', client_id: 'desk' },
      ...{ client_secret: 'secret-of-the-client', refresh_token: 'token-that-lasts' },
    },
  ])
})

test('one that is about to end is not used again, and a program without a refresh token asks in its own right', async () => {
  const { url, asked } = await startTokens(
    [200, { access_token: 'a1', expires_in: 30 }],
    [200, { access_token: 'a2', expires_in: 30 }],
  )
  const token = oauthToken({ tokenUrl: url, clientId: 'desk', scope: 'mail' })
  expect([await token(), await token()]).toEqual(['a1', 'a2'])
  expect(asked[0]).toEqual({ grant_type: 'client_credentials', client_id: 'desk', scope: 'mail' })
})

test('a refusal is told in the words of the server with what to check, and without any secret', async () => {
  const { url } = await startTokens([400, { error: 'invalid_grant', error_description: 'Token has been revoked.' }])
  const message = await oauthToken({ tokenUrl: url, ...secrets })().catch((error: Error) => error.message)
  expect(message).toMatch(
    /gives no access token \(invalid_grant: Token has been revoked\.\): check IMAP_OAUTH_CLIENT_ID/,
  )
  expect(message).not.toMatch(/secret-of|token-that/)
})
