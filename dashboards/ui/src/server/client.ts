import { createStore } from './store.ts'

/** What the server said when it did not do as asked. */
export class ServerProblem extends Error {
  override readonly name = 'ServerProblem'
  readonly status: number
  readonly fields: readonly { readonly field: string; readonly expected: string }[]

  constructor(status: number, detail: string, fields: ServerProblem['fields'] = []) {
    super(detail)
    this.status = status
    this.fields = fields
  }
}

/** The server did not answer at all. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

const tokenKey = 'franz-token'
const answerWithinMs = 12_000

/** The token of this window; it is forgotten with the window. */
export const token = createStore<string | undefined>(sessionStorage.getItem(tokenKey) ?? undefined)

export const signIn = (given: string | undefined): void => {
  if (given === undefined) sessionStorage.removeItem(tokenKey)
  else sessionStorage.setItem(tokenKey, given)
  token.set(given)
}

export const headersOf = (more: Readonly<Record<string, string>> = {}): Record<string, string> => {
  const given = token.get()
  return { ...more, ...(given !== undefined && { authorization: `Bearer ${given}` }) }
}

const ask = async (path: string, request: RequestInit): Promise<unknown> => {
  let response: Response
  try {
    response = await fetch(path, { ...request, signal: request.signal ?? AbortSignal.timeout(answerWithinMs) })
  } catch (error) {
    throw new Unreachable('The server does not answer.', { cause: error })
  }
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok) return body
  const { detail, errors } = (body ?? {}) as { detail?: string; errors?: ServerProblem['fields'] }
  throw new ServerProblem(response.status, detail ?? response.statusText, errors)
}

export const read = <T>(path: string): Promise<T> => ask(path, { headers: headersOf() }) as Promise<T>

export const send = <T>(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<T> =>
  ask(path, {
    method: 'POST',
    headers: headersOf({ 'content-type': 'application/json', ...headers }),
    body: JSON.stringify(body),
  }) as Promise<T>
