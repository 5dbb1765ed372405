import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type MailMessage, type MailSourceOptions, mailSource } from '../../../../runners/connectors/mail/index.ts'
import type { Opened } from '../../../../topology/ports/connectors.ts'
import { type GreenMail, startGreenMail } from '../../../parts/greenmail.ts'
import { lacks } from '../../../parts/parts.ts'
import { MemoryFeed } from '../feed.ts'
import { account, type Mailbox, mail, openMailbox } from './mailbox.ts'

/** A guard: a JVM starts in two seconds where nothing else is at work. */
const hookMs = 60_000

describe.skipIf(lacks('greenmail'))('a mailbox on a real server', () => {
  let server: GreenMail
  const opened: { close(): Promise<void> }[] = []
  beforeAll(async () => {
    server = await startGreenMail({ users: [account] })
  }, hookMs)
  afterAll(() => server?.stop())
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.close()
  }, hookMs)

  /** Each test has a folder of its own. */
  let folders = 0
  const folder = async (): Promise<readonly [Mailbox, string]> => {
    const name = `Desk ${++folders}`
    const box = await openMailbox(server, name)
    opened.push(box)
    return [box, name]
  }
  const options = (mailbox: string, more: Partial<MailSourceOptions> = {}): MailSourceOptions => ({
    ...{ host: '127.0.0.1', port: server.imapPort, secure: false, insecure: true, mailbox },
    ...{ user: account.login, password: account.password },
    ...more,
  })
  const open = async (
    feed: MemoryFeed<string, MailMessage>,
    mailbox: string,
    more: Partial<MailSourceOptions> = {},
  ) => {
    const source: Opened = await mailSource(options(mailbox, more)).open(feed)
    opened.push(source)
    return source
  }
  const subjects = (feed: MemoryFeed<string, MailMessage>) => feed.records.map(({ value }) => value!.subject)
  const marked = async (box: Mailbox, subject: string): Promise<void> => {
    while (!(await box.seen())[subject]) await box.seen()
  }
  /** The feed of the next process: it knows what was committed, and nothing else. */
  const next = (feed: MemoryFeed<string, MailMessage>) => new MemoryFeed<string, MailMessage>(feed.cursor)

  test('a mail is a record with its place, and is marked as seen only once it is in the log', async () => {
    const [box, name] = await folder()
    await box.put(mail('The printer', 'It burns.\r\n\r\nOn Monday, Desk <desk@example.com> wrote:\r\n> What burns?'))
    const feed = new MemoryFeed<string, MailMessage>()
    const atAppend: unknown[] = []
    feed.before = async () => {
      if (atAppend.length === 0) atAppend.push(await box.seen())
    }
    await open(feed, name)
    await feed.until(() => feed.records.length === 1)
    const [{ key, value }] = feed.records as [{ key: string; value: MailMessage }]
    expect(key).toBe(`<The-printer@example.org> ${value.contentHash.slice(0, 32)}`)
    expect(value).toMatchObject({
      ...{
        sender: 'Ada <ada@example.org>',
        subject: 'The printer',
        message: 'It burns.',
        kind: 'Person',
        refused: null,
      },
      ...{ timestamp: '2025-10-14T07:30:00.000Z', messageId: '<The-printer@example.org>', uid: 1n, mailbox: name },
      ...{ original: expect.stringContaining('> What burns?'), to: ['desk@example.com'] },
    })
    expect(value.raw).toMatch(/^imap:\/\/127\.0\.0\.1:\d+\/Desk%201;UIDVALIDITY=\d+\/;UID=1$/)
    expect(atAppend[0]).toEqual({ 'The printer': false })
    await marked(box, 'The printer')
    expect(JSON.stringify(feed.told)).not.toContain(account.password)
  })

  test('new mail is told of by the server, or found by looking where it may not tell', async () => {
    const lookMs = 120_000
    for (const [idle, pollIntervalMs] of [
      [true, lookMs],
      [false, 50],
    ] as const) {
      const [box, name] = await folder()
      const feed = new MemoryFeed<string, MailMessage>()
      await open(feed, name, { idle, pollIntervalMs })
      let found = 0
      for (const subject of ['one', 'two', 'three']) {
        const before = feed.records.length
        const putMs = performance.now()
        await box.put(mail(subject))
        await feed.until(() => feed.records.length === before + 1)
        if (performance.now() - putMs >= lookMs / 2) found++
      }
      // A server that forgets to tell of one costs that one a look, no more.
      expect(found).toBeLessThan(2)
      expect(subjects(feed)).toEqual(['one', 'two', 'three'])
    }
  })

  test('at the very first what people have read already is left alone, later everything is taken', async () => {
    const [box, name] = await folder()
    await box.put(mail('old and read'), ['\\Seen'])
    await box.put(mail('old and unread'))
    const feed = new MemoryFeed<string, MailMessage>()
    await open(feed, name, { idle: false, pollIntervalMs: 50 })
    await feed.until(() => feed.records.length === 1)
    await box.put(mail('new, read by a person before the desk looked'), ['\\Seen'])
    await feed.until(() => feed.records.length === 2)
    expect(subjects(feed)).toEqual(['old and unread', 'new, read by a person before the desk looked'])
    const all = new MemoryFeed<string, MailMessage>()
    await open(all, name, { first: 'all' })
    await all.until(() => all.records.length === 3)
    expect(subjects(all)[0]).toBe('old and read')
  })

  test('after a crash between the commit and the mark, the mail is marked and comes no second time', async () => {
    const [box, name] = await folder()
    await box.put(mail('first'))
    const feed = new MemoryFeed<string, MailMessage>()
    const source = await open(feed, name, { markSeen: false })
    await feed.until(() => feed.records.length === 1)
    await source.close()
    expect(await box.seen()).toEqual({ first: false })
    await box.put(mail('second'))
    const after = next(feed)
    await open(after, name)
    await after.until(() => after.records.length === 1)
    expect(subjects(after)).toEqual(['second'])
    expect(await box.seen()).toMatchObject({ first: true })
  })

  test('where the log refuses, the source ends, nothing is marked, and the same mails come again', async () => {
    const [box, name] = await folder()
    await box.put(mail('first'))
    await box.put(mail('second'))
    const feed = new MemoryFeed<string, MailMessage>()
    feed.before = async () => {
      throw new Error('the disk is full')
    }
    const source = await open(feed, name)
    await expect(source.ended).rejects.toThrow('the disk is full')
    expect(await box.seen()).toEqual({ first: false, second: false })
    const after = next(feed)
    await open(after, name)
    await after.until(() => after.records.length === 2)
    expect(subjects(after)).toEqual(['first', 'second'])
  })

  test('a mailbox that was made anew loses nothing, and a mail that comes again has the same key', async () => {
    const [box, name] = await folder()
    for (const subject of ['one', 'two', 'three']) await box.put(mail(subject))
    const feed = new MemoryFeed<string, MailMessage>()
    const source = await open(feed, name)
    await feed.until(() => feed.records.length === 3)
    await source.close()
    await box.remake()
    await box.put(mail('three'))
    await box.put(mail('four, read meanwhile'), ['\\Seen'])
    const after = next(feed)
    await open(after, name)
    await after.until(() => after.records.length === 2)
    expect(subjects(after)).toEqual(['three', 'four, read meanwhile'])
    expect(after.records[0]!.key).toBe(feed.records[2]!.key)
    expect(after.told).toContainEqual({ level: 'warn', message: expect.stringContaining('was made anew') })
  })

  test('the same Message-ID with other content is another mail', async () => {
    const [box, name] = await folder()
    await box.put(mail('copied', 'one content', 'same'))
    await box.put(mail('copied', 'one content', 'same'))
    await box.put(mail('copied', 'other content', 'same'))
    const feed = new MemoryFeed<string, MailMessage>()
    await open(feed, name)
    await feed.until(() => feed.records.length === 3)
    const [one, copy, other] = feed.records.map(({ key }) => key)
    expect(copy).toBe(one)
    expect(other).not.toBe(one)
  })

  test('mails that cannot be read are records with the reason, and hold up none behind them', async () => {
    const [box, name] = await folder()
    await box.put(`${mail('too large')}${'x'.repeat(26 * 1024 * 1024)}`)
    await box.put(mail('hidden').replace('\r\n\r\n', '\r\nContent-Type: text/plain; charset=utf-7\r\n\r\n'))
    await box.put(mail('fine'))
    const feed = new MemoryFeed<string, MailMessage>()
    await open(feed, name)
    await feed.until(() => feed.records.length === 3)
    expect(subjects(feed)).toEqual(['too large', 'hidden', 'fine'])
    expect(feed.records.map(({ value }) => [value!.refused === null, value!.message])).toEqual([
      [false, ''],
      [false, ''],
      [true, 'The text of fine.'],
    ])
    expect(feed.records[0]!.value!.refused).toContain('26,214,400 are read')
    expect(feed.records[0]!.value!.raw).toMatch(/;UID=1$/)
  })

  test('a server that goes away ends the source; when it is back, the source goes on', async () => {
    const own = await startGreenMail({ users: [account] })
    opened.push({ close: () => own.stop() })
    const feed = new MemoryFeed<string, MailMessage>()
    const more = { port: own.imapPort, pollIntervalMs: 50 }
    const source = await open(feed, 'INBOX', more)
    await own.kill()
    await expect(source.ended).rejects.toThrow('127.0.0.1')
    await expect(open(feed, 'INBOX', more)).rejects.toThrow('cannot be read: ECONNREFUSED')
    await own.start()
    await open(feed, 'INBOX', more)
    const box = await openMailbox(own)
    await box.put(mail('after'))
    await feed.until(() => feed.records.length === 1)
    await box.close()
  })

  test('what is wrong with an account is told in words, without its password', async () => {
    const feed = new MemoryFeed<string, MailMessage>()
    const refusal = async (more: Partial<MailSourceOptions>) =>
      mailSource(options('INBOX', more))
        .open(feed)
        .then(
          () => 'opened',
          (error: Error) => error.message,
        )
    expect(await refusal({ password: 'wrong-secret' })).toMatch(
      /refuses the login of desk: check IMAP_USER and IMAP_PASS/,
    )
    expect(await refusal({ password: undefined })).toContain('set IMAP_PASS')
    expect(await refusal({ insecure: false })).toContain('STARTTLS')
    expect(await refusal({ secure: true, port: server.imapsPort })).toContain('is not trusted')
    expect(await refusal({ secure: true })).toContain('does not speak TLS')
    expect(await refusal({ mailbox: 'Nowhere' })).not.toContain(account.password)
  })
})

test('with OAuth2 a token is asked for at each connection, and is what the server gets', async () => {
  const seen: string[] = []
  const server = createServer(socket => {
    socket.write('* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR] ready\r\n')
    socket.on('data', data => {
      for (const line of String(data).split('\r\n')) {
        const [tag, command, mechanism, initial] = line.split(' ')
        if (command === 'AUTHENTICATE') {
          seen.push(`${mechanism} ${Buffer.from(initial!, 'base64')}`)
          socket.write(`${tag} NO not today\r\n`)
        } else if (command !== undefined) socket.write(`${tag} OK\r\n`)
      }
    })
    socket.on('error', () => {})
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  let tokens = 0
  const source = mailSource({
    ...{ host: '127.0.0.1', port, secure: false, insecure: true, user: 'desk@example.com' },
    accessToken: async () => `token-${++tokens}`,
  })
  const errors: string[] = []
  for (let time = 0; time < 2; time++)
    await source.open(new MemoryFeed()).catch((error: Error) => errors.push(error.message))
  server.close()
  expect(seen.map(each => each.replaceAll('\u0001', '|'))).toEqual([
    'XOAUTH2 user=desk@example.com|auth=Bearer token-1||',
    'XOAUTH2 user=desk@example.com|auth=Bearer token-2||',
  ])
  expect(errors[0]).toContain('refuses the login of desk@example.com')
  expect(errors.join()).not.toContain('token-1')
})
