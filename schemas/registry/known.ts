/** What a registry has said about ids. An id never changes its meaning, so it is asked for once; "no such id" may change. */
export interface Known {
  get(id: number, ask: () => Promise<string | undefined>): Promise<string | undefined>
}

const limits = { schemasMax: 20_000, charsMax: 64 * 1024 * 1024, absentMax: 10_000, absentMs: 5_000 } as const

/** A bounded memory of schemas by id. Calls for one id at one time are one request. */
export const known = (nowMs: () => number = () => performance.now()): Known => {
  const schemas = new Map<number, string>()
  const absent = new Map<number, number>()
  const underWay = new Map<number, Promise<string | undefined>>()
  let chars = 0

  const keep = (id: number, schema: string): void => {
    schemas.set(id, schema)
    chars += schema.length
    for (const [oldest, text] of schemas) {
      if ((schemas.size <= limits.schemasMax && chars <= limits.charsMax) || oldest === id) break
      schemas.delete(oldest)
      chars -= text.length
    }
  }

  const keepAbsent = (id: number): void => {
    absent.delete(id)
    absent.set(id, nowMs() + limits.absentMs)
    if (absent.size > limits.absentMax) absent.delete(absent.keys().next().value!)
  }

  const fetch = async (id: number, ask: () => Promise<string | undefined>): Promise<string | undefined> => {
    try {
      const schema = await ask()
      if (schema === undefined) keepAbsent(id)
      else keep(id, schema)
      return schema
    } finally {
      underWay.delete(id)
    }
  }

  return {
    async get(id, ask) {
      const schema = schemas.get(id)
      if (schema !== undefined) return schema
      const until = absent.get(id)
      if (until !== undefined && until > nowMs()) return undefined
      const before = underWay.get(id)
      if (before !== undefined) return before
      const asked = fetch(id, ask)
      underWay.set(id, asked)
      return asked
    },
  }
}
