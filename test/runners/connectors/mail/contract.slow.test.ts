import { afterAll, beforeAll, describe, test } from 'vitest'
import { type MailMessage, mailSource } from '../../../../runners/connectors/mail/index.ts'
import { sourceContract } from '../../../../topology/testing.ts'
import { type GreenMail, startGreenMail } from '../../../parts/greenmail.ts'
import { lacks } from '../../../parts/parts.ts'
import { account, mail, openMailbox } from './mailbox.ts'

/** A guard: a JVM starts in two seconds where nothing else is at work. */
const hookMs = 60_000

describe.skipIf(lacks('greenmail'))('mail', () => {
  let server: GreenMail
  let folders = 0
  beforeAll(async () => {
    server = await startGreenMail({ users: [account] })
  }, hookMs)
  afterAll(() => server?.stop())

  for (const { name, run } of sourceContract({
    async open() {
      const folder = `Contract ${++folders}`
      const box = await openMailbox(server, folder)
      return {
        connector: mailSource({
          ...{ host: '127.0.0.1', port: server.imapPort, secure: false, insecure: true, mailbox: folder },
          ...{ user: account.login, password: account.password, first: 'all', idle: false, pollIntervalMs: 20 },
        }),
        bring: subject => box.put(mail(subject)),
        nameOf: ({ value }) => (value as MailMessage).subject,
        close: () => box.close(),
      }
    },
    keeps: true,
    underWayMax: 1_000,
    breathe: () => new Promise(resolve => setTimeout(resolve, 5)),
  }))
    test(name, run)
})
