import { headersOf } from './client.ts'
import { createStore } from './store.ts'

// Live: one stream of events for the whole page. Where it cannot be had, views are refreshed by the clock alone.

export type Connection = 'connecting' | 'live' | 'polling'

/** How the page learns of news. */
export const connection = createStore<Connection>('connecting')
/** Counts up when something has happened, at most once in `newsEveryMs`. */
export const news = createStore(0)
const newsEveryMs = 1_000
const silenceMsMax = 40_000
const pauseMs = { first: 1_000, most: 15_000 } as const

/** Follows the stream until the signal is aborted, and goes on where it stopped after each break. */
export const follow = async (signal: AbortSignal): Promise<void> => {
  let position: string | undefined
  let pause: number = pauseMs.first
  let planned: number | undefined
  const tellSoon = () => {
    if (planned !== undefined) return
    planned = window.setTimeout(() => {
      planned = undefined
      news.set(news.get() + 1)
    }, newsEveryMs)
  }
  while (!signal.aborted) {
    try {
      for await (const message of messages(position, signal)) {
        // What happened while nobody listened is not told one by one to views: they read anew.
        if (connection.get() === 'polling') tellSoon()
        connection.set('live')
        pause = pauseMs.first
        position = message.id ?? position
        if (message.event === 'ticket') tellSoon()
      }
    } catch (error) {
      if (error instanceof UnknownPosition) position = undefined
    }
    if (signal.aborted) return
    // Views look for themselves, at once, whether the server is still there.
    if (connection.get() === 'live') tellSoon()
    connection.set('polling')
    await new Promise(done => setTimeout(done, pause))
    pause = Math.min(pause * 2, pauseMs.most)
  }
}

class UnknownPosition extends Error {}

interface Message {
  readonly id: string | undefined
  readonly event: string
  readonly data: string
}

/** Reads server-sent events by fetch, since an EventSource cannot send a token. */
async function* messages(position: string | undefined, signal: AbortSignal): AsyncGenerator<Message> {
  const silence = new AbortController()
  let timer = window.setTimeout(() => silence.abort(), silenceMsMax)
  const response = await fetch('/api/events', {
    headers: headersOf(position === undefined ? {} : { 'last-event-id': position }),
    signal: AbortSignal.any([signal, silence.signal]),
  })
  if (response.status === 400) throw new UnknownPosition()
  if (!response.ok || response.body === null) throw new Error(`the stream was answered with ${response.status}`)
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      clearTimeout(timer)
      timer = window.setTimeout(() => silence.abort(), silenceMsMax)
      const parts = (rest + value).split('\n\n')
      rest = parts.pop()!
      for (const part of parts) if (!part.startsWith(':')) yield messageFrom(part)
    }
  } finally {
    clearTimeout(timer)
    await reader.cancel().catch(() => {})
  }
}

const messageFrom = (part: string): Message => {
  const fields = new Map(part.split('\n').map(line => line.split(/: (.*)/s) as [string, string]))
  return { id: fields.get('id'), event: fields.get('event') ?? 'message', data: fields.get('data') ?? '' }
}
