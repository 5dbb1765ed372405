import type { RequestListener } from 'node:http'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { failureOf, hasty, steady } from './opened.ts'
import { served } from './served.ts'
import { says, stub } from './stub.ts'

describe('a password', () => {
  const canary = 'canary/7f3a+é"x'
  const forms = [canary, encodeURIComponent(canary), 'canary', Buffer.from(`desk:${canary}`).toString('base64')]
  /** Says back all that it was sent, as a proxy's error page may. */
  const echo =
    (status: number): RequestListener =>
    (request, response) => {
      const sent = `${request.headers.authorization} ${Buffer.from(String(request.headers.authorization).slice(6), 'base64')}`
      response.writeHead(status).end(status === 409 ? JSON.stringify({ error_code: 409, message: sent }) : sent)
    }
  const withPassword = (url: string) => url.replace('://', `://desk:${encodeURIComponent(canary)}@`)

  test.each([401, 404, 409, 422, 500, 200])('is in no error, whatever comes back with status %i', async status => {
    const its = await stub(echo(status))
    try {
      const registries = [
        hasty(its.url, { auth: { username: 'desk', password: canary }, register: true }),
        hasty(withPassword(its.url), { register: true }),
      ]
      const failing = registries.flatMap(each => [each.schemaOf(1), each.idOf('s', '"int"'), each.versions('s')])
      for (const error of await Promise.all(failing.map(failureOf))) {
        const shown = [
          error.message,
          error.stack,
          inspect(error, { depth: 9, showHidden: true }),
          JSON.stringify(error),
        ]
        for (const form of forms) expect(shown.join('\n')).not.toContain(form)
      }
      for (const registry of registries) {
        const printed = inspect(registry, { depth: 9, showHidden: true }) + JSON.stringify(registry) + registry.name
        for (const form of forms) expect(printed).not.toContain(form)
      }
    } finally {
      await its.stop()
    }
  })

  test('is in no error when the registry is down or the address is wrong', async () => {
    const its = await stub(says(200, {}))
    await its.stop()
    const error = await failureOf(hasty(withPassword(its.url)).schemaOf(1))
    for (const form of forms) expect(inspect(error, { depth: 9 })).not.toContain(form)
    for (const wrong of [`http//desk:${canary}@host`, `ftp://desk:${canary}@host`]) {
      expect(() => steady(wrong)).toThrow(/^(?!.*canary)/s)
    }
  })

  test('lets in, from the options and from the address', async () => {
    const its = await served({ auth: { username: 'desk', password: canary } })
    try {
      expect(await steady(its.url, { auth: { username: 'desk', password: canary } }).subjects()).toEqual([])
      expect(await steady(withPassword(its.url)).subjects()).toEqual([])
      expect((await failureOf(steady(its.url).subjects())).reason).toBe('unauthorized')
    } finally {
      await its.stop()
    }
  })
})
