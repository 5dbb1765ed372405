import { EmbeddedLog } from '../../../runners/embedded/log.ts'

// Another process at a data folder, told what to do by its first argument.

const [task, folder, group] = process.argv.slice(2) as [string, string, string | undefined]
const log = EmbeddedLog.open(folder)
const say = (words: string) => process.send!(words)
const at = { topic: 'topic', partition: 0 }

const tasks: Readonly<Record<string, () => Promise<void>>> = {
  async own() {
    await log.join(group!, 'other', ['topic'], { assigned() {}, revoked() {}, lost() {} })
    say(String(process.pid))
  },
  async append() {
    process.on('message', (value: string) =>
      log.append([{ to: at, records: [{ key: null, value: Buffer.from(value), timestamp: Date.now(), headers: [] }] }]),
    )
    // The first look at the sockets of owners comes with the first wait.
    await log.change(1)
    say('ready')
  },
  async 'append and look'() {
    for (let appended = 1; ; appended++) {
      const value = Buffer.from(`value ${appended}`)
      log.append([{ to: at, records: [{ key: null, value, timestamp: 1, headers: [] }] }])
      const end = log.topics.end(at)
      if (end !== appended) say(`after ${appended} appends the end is ${end}`)
      if (appended === 1) say('appending')
      await new Promise(done => setImmediate(done))
    }
  },
  async listen() {
    const reader = log.reader(at, 0)
    await log.change(1)
    say('ready')
    for (;;) {
      const { records } = reader.read(100)
      for (const { offset, value } of records) say(`${offset} ${Buffer.from(value!)}, ${log.hears ? 'heard' : 'seen'}`)
      // Whoever hears is woken; the test would wait for a minute where it were not.
      if (records.length === 0) await log.change(60_000)
    }
  },
  async read() {
    say('reading')
    let read = 0
    setInterval(() => say(`read ${read}`), 1_000)
    for (;;) {
      read += log.topics.read(at, 0, 1_000).records.length
      await new Promise(done => setTimeout(done, 1))
    }
  },
}

process.on('disconnect', () => process.exit())
await tasks[task]!()
