import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts, type Running, startChild } from './child.ts'
import { jarsOf } from './parts.ts'

// A real mail server on this machine: SMTP, IMAP and IMAP over TLS, mailboxes in memory.

export interface GreenMailOptions {
  /** Mailboxes that are there from the start; another is made when mail for it arrives. */
  readonly users?: readonly { readonly login: string; readonly password: string; readonly address: string }[]
}

export interface GreenMail {
  readonly smtpPort: number
  readonly imapPort: number
  readonly imapsPort: number
  /** Its own control over HTTP: `/api/user`, `/api/mail/purge`, `/api/service/reset`. */
  readonly api: string
  stop(): Promise<void>
  kill(): Promise<void>
  /** Again, at the same ports, with empty mailboxes. */
  start(): Promise<void>
  freeze(): void
  thaw(): void
}

export const startGreenMail = async (options: GreenMailOptions = {}): Promise<GreenMail> => {
  const folder = mkdtempSync(join(tmpdir(), 'franz-greenmail-'))
  const [smtpPort, imapPort, imapsPort, apiPort] = (await freePorts(4)) as [number, number, number, number]
  const users = (options.users ?? []).map(
    ({ login, password, address }) => `${login}:${password}@${address.split('@')[1]}`,
  )
  const ports = { smtp: smtpPort, imap: imapPort, imaps: imapsPort, api: apiPort }
  const flags = Object.entries(ports).flatMap(([protocol, port]) => [
    `-Dgreenmail.${protocol}.hostname=127.0.0.1`,
    `-Dgreenmail.${protocol}.port=${port}`,
  ])
  // Its own patience is two seconds, and then it is neither ready nor gone.
  flags.push('-Dgreenmail.startup.timeout=60000')
  const api = `http://127.0.0.1:${apiPort}`
  let running: Running
  const start = async (): Promise<void> => {
    running = await startChild({
      name: 'GreenMail',
      program: 'java',
      args: [
        ...['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData', ...flags],
        ...(users.length > 0 ? [`-Dgreenmail.users=${users.join(',')}`] : []),
        ...['-cp', join(jarsOf('mail'), '*'), 'com.icegreen.greenmail.standalone.GreenMailStandaloneRunner'],
      ],
      log: join(folder, 'output.log'),
      ready: () =>
        fetch(`${api}/api/service/readiness`).then(
          answer => answer.ok,
          () => false,
        ),
    })
  }
  await start()
  return {
    ...{ smtpPort, imapPort, imapsPort, api, start },
    stop: async () => {
      await running.kill()
      rmSync(folder, { recursive: true, force: true })
    },
    kill: () => running.kill(),
    freeze: () => running.signal('SIGSTOP'),
    thaw: () => running.signal('SIGCONT'),
  }
}
