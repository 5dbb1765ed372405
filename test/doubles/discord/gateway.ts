import type { Server } from 'node:http'
import { WebSocket, WebSocketServer } from 'ws'
import { snowflake } from './guild.ts'

/** What a session has been sent, so that a client that comes back gets what it missed. */
interface Session {
  readonly id: string
  readonly sent: { readonly s: number; readonly t: string; readonly d: unknown }[]
  socket: WebSocket | undefined
}

const op = { dispatch: 0, heartbeat: 1, identify: 2, resume: 6, reconnect: 7, invalid: 9, hello: 10, ack: 11 } as const

/** Discord's gateway: hello, identify, ready, heartbeats, resume; events reach every session, later if it is away. */
export class Gateway {
  readonly #sessions = new Map<string, Session>()
  readonly #server: WebSocketServer
  /** What clients did, for tests to wait on. */
  readonly seen = { identified: 0, resumed: 0, heartbeats: 0 }
  heartbeatIntervalMs = 45_000
  /** Whether heartbeats are answered: where not, a client must notice. */
  answersHeartbeats = true

  readonly #token: string
  readonly #ready: () => object
  readonly #address: () => string

  constructor(server: Server, token: string, ready: () => object, address: () => string) {
    this.#token = token
    this.#ready = ready
    this.#address = address
    this.#server = new WebSocketServer({ server })
    this.#server.on('connection', socket => {
      socket.send(JSON.stringify({ op: op.hello, d: { heartbeat_interval: this.heartbeatIntervalMs } }))
      socket.on('message', data => this.#take(socket, JSON.parse(String(data))))
    })
  }

  #take(socket: WebSocket, { op: code, d }: { op: number; d: Record<string, unknown> }): void {
    if (code === op.heartbeat) {
      this.seen.heartbeats++
      if (this.answersHeartbeats) socket.send(JSON.stringify({ op: op.ack }))
    } else if (code === op.identify) this.#identify(socket, d)
    else if (code === op.resume) this.#resume(socket, d)
  }

  #identify(socket: WebSocket, { token }: Record<string, unknown>): void {
    if (token !== this.#token) {
      socket.close(4004, 'Authentication failed.')
      return
    }
    this.seen.identified++
    const session: Session = { id: snowflake(), sent: [], socket }
    this.#sessions.set(session.id, session)
    this.#dispatch(session, 'READY', {
      ...this.#ready(),
      ...{ v: 10, session_id: session.id, resume_gateway_url: this.#address() },
    })
  }

  #resume(socket: WebSocket, { session_id, seq }: Record<string, unknown>): void {
    const session = this.#sessions.get(String(session_id))
    if (session === undefined) {
      socket.send(JSON.stringify({ op: op.invalid, d: false }))
      return
    }
    this.seen.resumed++
    session.socket = socket
    for (const missed of session.sent.filter(({ s }) => s > Number(seq)))
      socket.send(JSON.stringify({ op: op.dispatch, ...missed }))
    this.#dispatch(session, 'RESUMED', {})
  }

  #dispatch(session: Session, t: string, d: unknown): void {
    const event = { s: session.sent.length + 1, t, d }
    session.sent.push(event)
    if (session.socket?.readyState === WebSocket.OPEN)
      session.socket.send(JSON.stringify({ op: op.dispatch, ...event }))
  }

  /** Sends an event to the session that came last; false where no one ever came. */
  dispatch(t: string, d: unknown): boolean {
    const session = [...this.#sessions.values()].at(-1)
    if (session === undefined) return false
    this.#dispatch(session, t, d)
    return true
  }

  get connected(): boolean {
    return [...this.#sessions.values()].some(({ socket }) => socket?.readyState === WebSocket.OPEN)
  }

  /** Ends all connections as a network does that goes away, or with a code of Discord's. */
  disconnect(code?: number): void {
    for (const socket of this.#server.clients) code === undefined ? socket.terminate() : socket.close(code)
  }

  /** Tells clients to come back by another connection, as Discord does every few hours. */
  askToReconnect(): void {
    for (const socket of this.#server.clients) socket.send(JSON.stringify({ op: op.reconnect, d: null }))
  }

  close(): void {
    this.disconnect()
    this.#server.close()
  }
}
