import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a model was asked, as far as tests look at it. */
export interface ModelRequest {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  /** The JSON that was sent. */
  readonly body: Readonly<Record<string, unknown>>
  /** The text of the last turn. */
  readonly text: string
}

/** How the double behaves towards a request: it writes whatever it likes. */
export type Behaviour = (request: ModelRequest, response: ServerResponse) => void | Promise<void>

/** The weights of a model, played by a function: everything before them is a real client on a real socket. */
export interface ModelDouble {
  readonly url: string
  readonly requests: readonly ModelRequest[]
  behave: Behaviour
  /** Connections that are open now. */
  open(): Promise<number>
  stop(): Promise<void>
}

export const startModel = async (behave: Behaviour): Promise<ModelDouble> => {
  const requests: ModelRequest[] = []
  const server = createServer((incoming, response) => {
    void (async () => {
      let text = ''
      for await (const piece of incoming) text += piece
      const body = JSON.parse(text) as ModelRequest['body']
      const request = { path: incoming.url ?? '', headers: incoming.headers, body, text: lastText(body) }
      requests.push(request)
      await double.behave(request, response)
    })().catch(() => response.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const double: ModelDouble = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    behave,
    open: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return double
}

const lastText = (body: ModelRequest['body']): string => {
  const turns = (body.messages ?? body.contents) as readonly Readonly<Record<string, unknown>>[] | undefined
  const last = turns?.at(-1)
  return typeof last?.content === 'string' ? last.content : JSON.stringify(last)
}

const line = (piece: object): string => `${JSON.stringify(piece)}\n`

/** An answer as Ollama streams it, a few letters at a time. */
export const ollamaAnswer = (response: ServerResponse, text: string, logprob?: number): void => {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  for (const piece of text.match(/[\s\S]{1,12}/g) ?? []) {
    const logprobs = logprob === undefined ? undefined : [{ token: piece, logprob }]
    response.write(line({ model: 'm', message: { role: 'assistant', content: piece }, done: false, logprobs }))
  }
  response.end(line({ model: 'm', message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop' }))
}

/** Answers every question with the same labels. */
export const alwaysLabels =
  (labels: object): Behaviour =>
  (_, response) =>
    ollamaAnswer(response, JSON.stringify(labels))
