/** What an answer that is no success looks like, by its status. */
const titles: Readonly<Record<number, string>> = {
  400: 'A parameter or field is not as it must be',
  401: 'No valid token',
  403: 'The token may not do this, or the page is of another origin',
  404: 'There is none',
  409: 'It has changed since',
  413: 'Too large',
  414: 'A part of the address is too long',
  415: 'Not JSON',
  421: 'Not a name of this server',
  422: 'It cannot be done with this content',
  429: 'Too many requests; Retry-After says when to go on',
  503: 'The database or the log is away; Retry-After says when to try again',
}

const problem = (status: number) => ({
  description: titles[status]!,
  content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } },
})

const everywhere = [401, 403, 414, 421, 429, 503]

interface Success {
  readonly success?: number
  readonly type?: string
  readonly description?: string
}

/** Nothing may be asked. Without its empty properties it would be described as parameters `type` and `additionalProperties`. */
export const noQuery = { type: 'object', additionalProperties: false, properties: {} } as const

/** The answers of a route: its success, and the problems that it can have beside those that every route has. */
export const answers = (schema: object, ...more: readonly (number | Success)[]) => {
  const success = more.find((given): given is Success => typeof given === 'object') ?? {}
  const own = more.filter(given => typeof given === 'number')
  const { type = 'application/json', description = 'As asked' } = success
  return {
    [success.success ?? 200]: { description, content: { [type]: { schema } } },
    ...Object.fromEntries([...new Set([...own, ...everywhere])].sort().map(status => [status, problem(status)])),
  }
}
