/** Where access tokens come from, and for what they are given: a token that lasts (Gmail), or the program's own right (Microsoft 365). */
export interface OAuthOptions {
  readonly tokenUrl: string
  readonly clientId: string
  /** Never printed, and neither is `refreshToken`. */
  readonly clientSecret?: string | undefined
  readonly refreshToken?: string | undefined
  readonly scope?: string | undefined
}

const requestMs = 15_000
const answerBytesMax = 64 * 1024
/** A token is not used to its last second. */
const marginMs = 60_000
const lifetimeMsDefault = 5 * 60_000

/**
 * Gives access tokens by OAuth2, each as long as it lasts.
 * @example mailSource({ host: 'imap.gmail.com', user, accessToken: oauthToken({ tokenUrl, clientId, clientSecret, refreshToken }) })
 */
export const oauthToken = (options: OAuthOptions): (() => Promise<string>) => {
  let kept: { readonly token: string; readonly untilMs: number } | undefined
  return async () => {
    if (kept !== undefined && performance.now() < kept.untilMs) return kept.token
    const answer = await asked(options)
    const { access_token: token, expires_in: seconds } = answer
    if (typeof token !== 'string' || token === '') throw new Error(refusal(options, answer))
    const lifetimeMs = typeof seconds === 'number' ? seconds * 1_000 : lifetimeMsDefault
    kept = { token, untilMs: performance.now() + lifetimeMs - marginMs }
    return token
  }
}

interface Answer {
  readonly access_token?: unknown
  readonly expires_in?: unknown
  readonly error?: unknown
  readonly error_description?: unknown
}

const asked = async (options: OAuthOptions): Promise<Answer> => {
  const { tokenUrl, clientId, clientSecret, refreshToken, scope } = options
  const body = new URLSearchParams({
    grant_type: refreshToken === undefined ? 'client_credentials' : 'refresh_token',
    client_id: clientId,
    ...(clientSecret !== undefined && { client_secret: clientSecret }),
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    ...(scope !== undefined && { scope }),
  })
  const request = { method: 'POST', body, redirect: 'error', signal: AbortSignal.timeout(requestMs) } as const
  try {
    const response = await fetch(tokenUrl, request)
    const text = await response.text()
    return text.length > answerBytesMax ? {} : (JSON.parse(text) as Answer)
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } }
    throw new Error(`no access token from ${new URL(tokenUrl).host}: ${cause?.code ?? message}`)
  }
}

/** The server's own words for it, which hold no secret by the standard; and what to look at. */
const refusal = ({ tokenUrl }: OAuthOptions, { error, error_description: description }: Answer): string =>
  `${new URL(tokenUrl).host} gives no access token (${[error, description].filter(word => typeof word === 'string').join(': ') || 'no reason told'}): check IMAP_OAUTH_CLIENT_ID, IMAP_OAUTH_CLIENT_SECRET and IMAP_OAUTH_REFRESH_TOKEN`
