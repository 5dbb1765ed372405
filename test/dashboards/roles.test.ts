import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newToken, type Role, type Served, serve, tokensFrom } from '../../dashboards/api/index.ts'
import { openWithinMs, TestDesk } from './desk.ts'

/** Who may call what. A route that is missing here fails the test. */
const routes: Readonly<Record<string, Role | 'anyone'>> = {
  'GET /api/tickets': 'read',
  'GET /api/tickets/{id}': 'read',
  'POST /api/tickets': 'write',
  'GET /api/kpis': 'read',
  'GET /api/dashboard/summary': 'read',
  'GET /api/dashboard/routing': 'read',
  'GET /api/analytics/performance': 'read',
  'GET /api/analytics/trends': 'read',
  'GET /api/events': 'read',
  'GET /api/pipeline': 'read',
  'GET /api/dead-letters': 'read',
  'GET /api/dead-letters/{id}': 'read',
  'POST /api/dead-letters/{id}/redrive': 'admin',
  'POST /api/dead-letters/redrive': 'admin',
  'GET /api/dashboards': 'read',
  'GET /api/dashboards/{uid}': 'read',
  'GET /api/dashboards/{uid}/variables/{name}': 'read',
  'GET /api/dashboards/{uid}/panels/{id}': 'read',
  'GET /api/health': 'anyone',
  'GET /health': 'anyone',
  'GET /api/session': 'anyone',
  'GET /metrics': 'read',
}

const rank = ['read', 'write', 'admin'] as const
const made = Object.fromEntries(rank.map(role => [role, newToken(`the ${role} token`, role)]))
const kept = rank.map(role => made[role]!.kept)
const callers: Readonly<Record<string, string | undefined>> = {
  'no token': undefined,
  'a wrong token': newToken('wrong', 'admin').token,
  'half a token': made.admin!.token.slice(0, 20),
  ...Object.fromEntries(rank.map(role => [role, made[role]!.token])),
}

let desk: TestDesk
let served: Served
const given = [...kept]

beforeAll(async () => {
  desk = await TestDesk.open()
  await desk.database.insert({ id: 1 })
  desk.deadLetter(1)
  served = await serve(desk, { port: 0, tokens: () => given })
}, openWithinMs)
afterAll(async () => {
  await served.close()
  await desk.close()
})

const call = async (route: string, token: string | undefined): Promise<number> => {
  const [method, path] = route.split(' ') as [string, string]
  const filled = path
    .replace('{uid}', 'franz-desk')
    .replace('{name}', 'origin')
    .replace('{id}', path.includes('dead-letters') ? 'tickets-labeled-dlq-0-1' : '1')
  const body = path === '/api/tickets' ? { contact: 'a', body: 'b' } : path.includes('{id}') ? {} : { ids: ['a-0-1'] }
  const leaving = new AbortController()
  const { status } = await fetch(
    `${served.url}${filled}${path === '/api/tickets' && method === 'POST' ? '?wait_ms=0' : ''}`,
    {
      method,
      signal: leaving.signal,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(method === 'POST' && { 'content-type': 'application/json' }),
      },
      ...(method === 'POST' && { body: JSON.stringify(body) }),
    },
  )
  leaving.abort()
  return status
}

test('the table has every route that the API has', async () => {
  const { paths } = (await (await fetch(`${served.url}/docs/json`)).json()) as {
    paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  }
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter(method => method !== 'head')
      .map(method => `${method.toUpperCase()} ${path}`),
  )
  expect([...all].sort()).toEqual(Object.keys(routes).sort())
})

describe.each(Object.entries(callers))('with %s', (caller, token) => {
  test.each(Object.entries(routes))('%s', async (route, needed) => {
    const role = rank.find(name => name === caller)
    const status = await call(route, token)
    if (needed === 'anyone') expect(status).toBe(200)
    else if (role === undefined) expect(status).toBe(401)
    else if (rank.indexOf(role) < rank.indexOf(needed)) expect(status).toBe(403)
    else expect([200, 201]).toContain(status)
  })
})

test('a token that is taken back stops working while the server runs', async () => {
  expect(await call('GET /api/kpis', made.read!.token)).toBe(200)
  given.splice(0, 1)
  expect(await call('GET /api/kpis', made.read!.token)).toBe(401)
  given.unshift(kept[0]!)
})

test('tokens are kept as hashes, read from a setting, and never told', () => {
  const text = kept.map(({ name, role, hash }) => `${name}:${role}:${hash}`).join('\n')
  expect(tokensFrom(text)).toEqual(kept)
  expect(text).not.toContain(made.admin!.token.slice(6))
  expect(() => tokensFrom('me:root:abc')).toThrow('token 1 is not written as NAME:ROLE:HASH')
})

test('without a token the server serves this machine alone, under its own names and to its own page', async () => {
  const open = await serve(desk, { port: 0 })
  const { port } = new URL(open.url)
  const ask = async (headers: Record<string, string>) => {
    const { request } = await import('node:http')
    return new Promise<number>((done, fail) =>
      request({ host: '127.0.0.1', port, path: '/api/kpis', headers }, answer => {
        answer.resume()
        done(answer.statusCode!)
      })
        .on('error', fail)
        .end(),
    )
  }
  try {
    expect(await ask({ host: `localhost:${port}` })).toBe(200)
    expect(await ask({ host: 'rebound.example' })).toBe(421)
    expect(await ask({ host: `127.0.0.1:${port}`, origin: 'https://elsewhere.example' })).toBe(403)
    expect(await ask({ host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}` })).toBe(200)
  } finally {
    await open.close()
  }
  await expect(serve(desk, { port: 0, host: '0.0.0.0' })).rejects.toThrow('serves loopback only, not 0.0.0.0')
})

test('a server that others reach is open to nobody once its last token is taken back', async () => {
  const [only] = kept
  const left = [only!]
  const open = await serve(desk, { port: 0, host: '0.0.0.0', tokens: () => left })
  const { port } = new URL(open.url)
  const ask = async () => (await fetch(`http://127.0.0.1:${port}/api/kpis`)).status
  expect(await ask()).toBe(401)
  left.length = 0
  expect(await ask()).toBe(401)
  await open.close()
})

test('pages of another origin may call only where it is said', async () => {
  const origin = 'https://intranet.example'
  const open = await serve(desk, { port: 0, origins: [origin] })
  const answer = await fetch(`${open.url}/api/kpis`, { headers: { origin } })
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, origin])
  const plain = await fetch(`${open.url}/api/kpis`)
  expect(plain.headers.get('access-control-allow-origin')).toBe(null)
  await open.close()
})

test('who asks too often is told when to go on', async () => {
  const limited = await serve(desk, { port: 0, readsPerMinuteMax: 3 })
  const statuses: number[] = []
  let last: Response | undefined
  for (let at = 0; at < 4; at++) {
    last = await fetch(`${limited.url}/api/kpis`)
    statuses.push(last.status)
  }
  expect(statuses).toEqual([200, 200, 200, 429])
  expect(Number(last!.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(last!.headers.get('content-type')).toContain('application/problem+json')
  await limited.close()
})

test('every answer says what a browser may do with it: nothing inline, nothing from elsewhere', async () => {
  for (const path of ['/', '/api/kpis', '/nothing', '/health']) {
    const policy = (await fetch(`${served.url}${path}`)).headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
  }
})
