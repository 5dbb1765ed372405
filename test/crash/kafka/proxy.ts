import { connect, createServer, type Server, type Socket } from 'node:net'

// Stands between a runner and its broker: keeps back the answers to EndTxn, by which a transaction is committed, cuts
// connections, or is as slow as a bad line.

const endTxn = 26

/** What a line is like: how long all takes, and how often something is lost and has to be sent again. */
export interface Line {
  readonly delayMs: number
  readonly lostShare: number
  readonly againMs: number
}

const goodLine: Line = { delayMs: 0, lostShare: 0, againMs: 0 }

export type Mischief = { readonly delayMs: number } | 'cut'

/** Calls back with each message of Kafka's protocol, its length in front. */
const framed = (take: (message: Buffer) => void): ((chunk: Buffer) => void) => {
  let rest: Buffer = Buffer.alloc(0)
  return chunk => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const end = 4 + rest.readInt32BE(0)
      take(rest.subarray(0, end))
      rest = rest.subarray(end)
    }
  }
}

export class CommitProxy {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #brokerPort = 0
  #mischief: Mischief | undefined
  #done: (() => void) | undefined
  #line = goodLine
  #chance: () => number = Math.random

  constructor() {
    this.#server = createServer(client => this.#joined(client))
  }

  async listen(): Promise<number> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve))
    return (this.#server.address() as { port: number }).port
  }

  forward(brokerPort: number): void {
    this.#brokerPort = brokerPort
  }

  #joined(client: Socket): void {
    const broker = connect(this.#brokerPort, '127.0.0.1')
    const commits = new Set<number>()
    const both = [client, broker]
    for (const socket of both) {
      this.#sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#sockets.delete(socket)
        for (const other of both) other.destroy()
      })
    }
    client.on(
      'data',
      framed(request => {
        if (request.readInt16BE(4) === endTxn) commits.add(request.readInt32BE(8))
        send(broker, request)
      }),
    )
    const send = this.#sender()
    const answer = this.#sender()
    broker.on(
      'data',
      framed(response => {
        const mischief = commits.delete(response.readInt32BE(4)) ? this.#take() : undefined
        if (mischief === 'cut') return client.destroy()
        answer(client, response, mischief?.delayMs)
        return undefined
      }),
    )
  }

  /** All keeps its order: what comes behind something late is late, too, but what is under way together travels together. */
  #sender(): (to: Socket, message: Buffer, moreMs?: number) => void {
    let lastMs = 0
    let waiting = 0
    return (to, message, moreMs = 0) => {
      const { delayMs, lostShare, againMs } = this.#line
      const lateMs = delayMs + moreMs + (lostShare > 0 && this.#chance() < lostShare ? againMs : 0)
      lastMs = Math.max(lastMs, performance.now() + lateMs)
      if (waiting === 0 && lateMs === 0) return void to.write(message)
      waiting++
      setTimeout(
        () => {
          waiting--
          to.write(message)
        },
        Math.ceil(lastMs - performance.now()),
      )
    }
  }

  /** All connections end in the middle of whatever they carry. */
  cut(): number {
    const open = this.#sockets.size
    for (const socket of this.#sockets) socket.destroy()
    return open
  }

  /** From now on; without one it is as good as none. */
  become(line: Line = goodLine, chance: () => number = Math.random): void {
    this.#line = line
    this.#chance = chance
  }

  #take(): Mischief | undefined {
    const mischief = this.#mischief
    this.#mischief = undefined
    if (mischief !== undefined) this.#done?.()
    return mischief
  }

  /** Does this to the answer to the next commit; resolves when it has come by. */
  strike(mischief: Mischief): Promise<void> {
    this.#mischief = mischief
    return new Promise(resolve => {
      this.#done = resolve
    })
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise(resolve => this.#server.close(resolve))
  }
}
