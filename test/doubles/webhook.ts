import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface WebhookRequest {
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** Whoever receives a webhook, on loopback: it keeps what came, and answers as it is told. */
export interface WebhookDouble {
  readonly url: string
  readonly requests: readonly WebhookRequest[]
  /** 204 unless it is told something else. */
  answer: (request: WebhookRequest, response: ServerResponse) => void
  stop(): Promise<void>
}

export const startWebhook = async (): Promise<WebhookDouble> => {
  const requests: WebhookRequest[] = []
  const server = createServer((incoming, response) => {
    let text = ''
    incoming.on('data', piece => {
      text += piece
    })
    incoming.on('end', () => {
      const request = { headers: incoming.headers, text }
      requests.push(request)
      double.answer(request, response)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const double: WebhookDouble = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/webhooks/1/secret-token`,
    requests,
    answer: (_, response) => void response.writeHead(204).end(),
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return double
}
