import { QueryError, type StoreQuery } from '../query.ts'
import type { Running } from '../run.ts'
import { metricsText } from '../watch/metrics.ts'
import type { Answer, Route } from './server.ts'

/** `/health`, `/metrics` and `/stores/…` of some topologies; `stores: false` where others than this machine can ask. */
export const hostRoutes = (running: readonly Running[], { stores = true } = {}): readonly Route[] => [
  path => (path === '/health' ? health(running) : undefined),
  async path =>
    path === '/metrics'
      ? { type: 'text/plain; version=0.0.4; charset=utf-8', body: await metricsText(running.map(({ watch }) => watch)) }
      : undefined,
  (path, query) => (stores && /^\/stores(\/|$)/.test(path) ? storesAt(running, path, query) : undefined),
]

const health = (running: readonly Running[]): Answer => {
  const topologies = running.map(({ name, watch }) => ({ name, trouble: watch.trouble() ?? null }))
  const well = topologies.every(({ trouble }) => trouble === null)
  return { status: well ? 200 : 503, body: { status: well ? 'ok' : 'trouble', topologies } }
}

const statuses = { missing: 404, wrong: 400, elsewhere: 503 } as const

/** `/stores`, `/stores/TOPOLOGY/STORE?from&to&limit`, `/stores/TOPOLOGY/STORE/KEY?from&to&limit`. */
const storesAt = (running: readonly Running[], path: string, query: URLSearchParams): Answer => {
  try {
    const [topology, store, key, ...more] = path.split('/').slice(2).map(decodeURIComponent)
    if (topology === undefined || topology === '') return { body: listed(running) }
    const found = running.find(({ name }) => name === topology)
    if (found === undefined || store === undefined || more.length > 0)
      return { status: 404, body: { error: `ask /stores/TOPOLOGY/STORE/KEY; /stores lists them` } }
    const asked = found.query(store)
    return key === undefined ? { body: { entries: asked.range(rangeOf(asked, query)) } } : ofKey(asked, key, query)
  } catch (error) {
    if (error instanceof QueryError) return { status: statuses[error.reason], body: { error: error.message } }
    if (error instanceof URIError) return { status: 400, body: { error: 'the path is not encoded as one' } }
    throw error
  }
}

const listed = (running: readonly Running[]) => ({
  stores: running.flatMap(({ name, stores, watch }) =>
    stores().map(store => ({
      topology: name,
      store,
      entries: watch.sizes().reduce((sum, size) => sum + (size.store === store ? size.entries : 0), 0),
    })),
  ),
})

const ofKey = (asked: StoreQuery, text: string, query: URLSearchParams): Answer => {
  const found = withKey(text, key => (asked.windowed ? asked.windows(key, rangeOf(asked, query)) : asked.get(key)))
  if (found === undefined) return { status: 404, body: { error: `"${asked.name}" holds nothing for this key` } }
  return { body: asked.windowed ? { windows: found } : { value: found } }
}

/** Keys are texts; where a store has others, the path says them as JSON. */
const withKey = <T>(text: string, ask: (key: unknown) => T): T => {
  try {
    return ask(text)
  } catch (error) {
    if (!(error instanceof QueryError) || error.reason !== 'wrong') throw error
    let parsed: unknown
    try {
      parsed = JSON.parse(text)
    } catch {
      throw error
    }
    return ask(parsed)
  }
}

const rangeOf = ({ windowed }: StoreQuery, query: URLSearchParams) => {
  const bound = (name: string): unknown => {
    const text = query.get(name)
    if (text === null) return undefined
    if (!windowed) return text
    const time = /^\d+$/.test(text) ? Number(text) : Date.parse(text)
    if (Number.isFinite(time)) return time
    throw new QueryError('wrong', `"${name}" is a time: milliseconds since 1970, or as 2026-01-31T12:00:00Z.`)
  }
  const limit = query.get('limit')
  return { from: bound('from'), to: bound('to'), limit: limit === null ? undefined : Number(limit) }
}
