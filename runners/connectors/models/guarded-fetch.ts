import type { ModelLimits } from './model.ts'

const problemLettersMax = 300

/** A server that refused, with what it said: 4xx but for 408 and 429 will be the same the next time. */
export class ModelRefused extends Error {
  override readonly name = 'ModelRefused'
  readonly status: number
  readonly retry: boolean

  constructor(status: number, said: string) {
    super(`the model's server answers ${status}${said === '' ? '' : `: ${said}`}`)
    this.status = status
    this.retry = status >= 500 || status === 408 || status === 429
  }
}

/**
 * `fetch` with a limit on everything: the whole time, the time until something comes, the time between two pieces, and the
 * bytes. Whatever limit is met, and when nobody wants the answer any more, the connection is closed. It follows no redirects.
 */
export const guardedFetch = (limits: ModelLimits, wanted: AbortSignal): typeof fetch => {
  return async (input, init) => {
    const over = new AbortController()
    const give = (why: string) => over.abort(new Error(why))
    // Nobody waits for these by themselves: a process that is done may end.
    const total = setTimeout(() => give(`no whole answer within ${limits.totalMs / 1_000} s`), limits.totalMs).unref()
    let silence = setTimeout(() => give(`no answer within ${limits.firstMs / 1_000} s`), limits.firstMs).unref()
    const settled = new AbortController()
    const done = (): void => {
      clearTimeout(total)
      clearTimeout(silence)
      settled.abort()
    }
    // Not `AbortSignal.any`: what it makes may be collected in Node 20 while the answer is still awaited, and then nothing ends it.
    for (const from of [wanted, init?.signal]) {
      if (from?.aborted) over.abort(from.reason)
      from?.addEventListener('abort', () => over.abort(from.reason), { once: true, signal: settled.signal })
    }
    const { signal } = over
    const heard = (): void => {
      clearTimeout(silence)
      silence = setTimeout(() => give(`the answer broke off for ${limits.idleMs / 1_000} s`), limits.idleMs).unref()
    }
    try {
      const response = await fetch(input, { ...init, signal, redirect: 'error' })
      const body = response.body?.pipeThrough(counted(limits.answerBytesMax, heard, done)) ?? null
      if (response.body === null) done()
      const guarded = new Response(body, response)
      if (!response.ok) throw new ModelRefused(response.status, await said(guarded))
      return guarded
    } catch (error) {
      done()
      throw signal.aborted ? signal.reason : reasonOf(error)
    }
  }
}

const counted = (bytesMax: number, heard: () => void, done: () => void): TransformStream<Uint8Array, Uint8Array> => {
  let bytes = 0
  return new TransformStream({
    start: () => {},
    transform(piece, controller) {
      heard()
      bytes += piece.length
      if (bytes <= bytesMax) return controller.enqueue(piece)
      done()
      throw new Error(`the answer is longer than ${bytesMax} bytes`)
    },
    flush: done,
  })
}

const said = async (response: Response): Promise<string> => {
  const text = await response.text().catch(() => '')
  return text.slice(0, problemLettersMax).replaceAll(/\s+/g, ' ').trim()
}

/** fetch hides in its cause what went wrong. */
const reasonOf = (error: unknown): unknown =>
  error instanceof TypeError && error.cause instanceof Error
    ? new Error(`the model's server cannot be reached: ${error.cause.message}`, { cause: error })
    : error
