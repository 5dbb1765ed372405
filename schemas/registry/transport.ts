import { request as httpRequest, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Address } from './address.ts'
import { RegistryError } from './registry-error.ts'

// Why requests are made here and not by @kafkajs/confluent-schema-registry, which the tests use as a client of others:
// - an error answer whose body is `null` ends the process (a rejection nobody holds), and one that is cut off leaves its
//   promise pending for ever; an answer may be of any size;
// - it drops the error code, so that a wrong path (404) looks like an id that the registry says it does not know (40403),
//   and reports a registry that cannot be reached as status 400;
// - it hands out a parsed type, where the library wants the schema's text;
// - its `register` changes the compatibility level of a new subject and refuses schemas without a name, such as "string";
// - its `retry` option changes the default of every other client in the process.

const limits = { answerBytesMax: 32 * 1024 * 1024, quoteCharsMax: 300 } as const

/** What a registry answered: JSON, and the code of a refusal. */
export interface Answer {
  readonly status: number
  readonly body: unknown
  /** Confluent's error code; undefined when the answer carries none. */
  readonly code: number | undefined
  /** What it said, short and without secrets. */
  readonly said: string
}

const contentType = 'application/vnd.schemaregistry.v1+json'

/** Makes one request. Rejects with a RegistryError `away` or `nonsense`; refusals are answers. */
export const ask = (
  address: Address,
  method: 'GET' | 'POST',
  path: string,
  body: unknown,
  signal: AbortSignal,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const away = (error: NodeJS.ErrnoException) => {
      const why = address.withoutSecrets(error.message || (error.code ?? 'no reason given'))
      reject(new RegistryError('away', address.name, `cannot be reached: ${why}`))
    }
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
    const credentials = address.credentials()
    const options: RequestOptions = {
      method,
      // Given apart, because a URL would take the dots of a subject for steps of a path.
      path: address.url.pathname.replace(/\/$/, '') + path,
      agent: address.agent,
      signal,
      headers: {
        accept: `${contentType}, application/json`,
        ...(payload === undefined ? {} : { 'content-type': contentType, 'content-length': payload.length }),
      },
      ...(credentials === undefined ? {} : { auth: `${credentials.username}:${credentials.password}` }),
    }
    const request = address.url.protocol === 'https:' ? httpsRequest : httpRequest
    const sent = request(address.url, options, response => {
      const chunks: Buffer[] = []
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > limits.answerBytesMax) {
          reject(new RegistryError('nonsense', address.name, `answers more than ${limits.answerBytesMax} bytes`))
          sent.destroy()
        } else chunks.push(chunk)
      })
      response.on('error', away)
      response.on('end', () => resolve(answerOf(address, response.statusCode ?? 0, Buffer.concat(chunks).toString())))
    })
    sent.on('error', away)
    sent.end(payload)
  })

const answerOf = (address: Address, status: number, text: string): Answer => {
  const body = jsonOf(text)
  const { error_code: code, message } = (body ?? {}) as { error_code?: unknown; message?: unknown }
  const words = typeof message === 'string' ? message : text
  const said = address.withoutSecrets(words.replaceAll(/\s+/g, ' ').trim())
  return {
    status,
    body,
    code: typeof code === 'number' ? code : undefined,
    said: said.length > limits.quoteCharsMax ? `${said.slice(0, limits.quoteCharsMax)}…` : said,
  }
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The error for an answer that is neither what was asked for nor a refusal with a meaning of its own. */
export const errorOf = (address: Address, answer: Answer, doing: string): RegistryError => {
  const { status, said } = answer
  const quoted = said === '' ? '' : `: ${said}`
  if (status === 401 || status === 403) {
    return new RegistryError('unauthorized', address.name, `lets us not ${doing} (status ${status})${quoted}`)
  }
  if (status === 409) return new RegistryError('incompatible', address.name, `refuses to ${doing}${quoted}`)
  if (status === 422 || status === 413)
    return new RegistryError('refused', address.name, `refuses to ${doing}${quoted}`)
  if (status >= 500 || status === 429 || status === 408) {
    return new RegistryError('away', address.name, `failed to ${doing} (status ${status})${quoted}`)
  }
  return new RegistryError('nonsense', address.name, `answered status ${status} when asked to ${doing}${quoted}`)
}
