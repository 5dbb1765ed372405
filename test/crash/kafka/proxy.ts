import { connect, createServer, type Server, type Socket } from 'node:net'

// Stands between a runner and its broker, and keeps back the answers to EndTxn, by which a transaction is committed.

const endTxn = 26

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
        broker.write(request)
      }),
    )
    let held = Promise.resolve()
    broker.on(
      'data',
      framed(response => {
        const mischief = commits.delete(response.readInt32BE(4)) ? this.#take() : undefined
        if (mischief === 'cut') return client.destroy()
        // Answers keep their order: what comes behind a delayed one waits too.
        const delayMs = mischief?.delayMs ?? 0
        held = held.then(() => new Promise(resolve => (delayMs > 0 ? setTimeout(resolve, delayMs) : resolve())))
        void held.then(() => client.write(response))
        return undefined
      }),
    )
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
