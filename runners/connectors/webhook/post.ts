const postDeadlineMs = 10_000
const saidLettersMax = 200
/** A server that asks for more patience than this is asked again anyway. */
const waitMsMax = 60_000

/** What became of a request: taken, to be tried again after a while, or never to be taken. */
export type Posted =
  | { readonly outcome: 'taken' }
  | { readonly outcome: 'later'; readonly afterMs: number; readonly why: string }
  | { readonly outcome: 'refused'; readonly why: string }

/** Posts JSON. It never throws, and what it says about a failure does not hold the address, which may be a secret. */
export const post = async (
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Posted> => {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(postDeadlineMs)]),
    })
    const said = (await response.text()).slice(0, saidLettersMax).replaceAll(/\s+/g, ' ')
    if (response.ok) return { outcome: 'taken' }
    const why = `it answers ${response.status}${said === '' ? '' : `: ${said}`}`
    const { status } = response
    if (status !== 429 && status !== 408 && status < 500) return { outcome: 'refused', why }
    return { outcome: 'later', afterMs: patience(response.headers.get('retry-after')), why }
  } catch (error) {
    const { cause, name } = error as Error
    const why =
      name === 'TimeoutError' ? `no answer within ${postDeadlineMs / 1_000} s` : ((cause as Error)?.message ?? name)
    return { outcome: 'later', afterMs: 0, why }
  }
}

const patience = (seconds: string | null): number => {
  const ms = Number(seconds ?? 0) * 1_000
  return ms > 0 ? Math.min(ms, waitMsMax) : 0
}
