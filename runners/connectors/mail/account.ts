import { ImapFlow } from 'imapflow'

/** A mailbox on a server, and how to get in. */
export interface MailAccount {
  readonly host: string
  /** 993 unless told. */
  readonly port?: number | undefined
  /** Whether the connection is TLS from its first byte; true unless told. Otherwise STARTTLS is demanded. */
  readonly secure?: boolean | undefined
  /** Passwords and mails in the clear, for servers on this machine alone. */
  readonly insecure?: boolean | undefined
  readonly user: string
  /** Never printed. Either this or `accessToken`. */
  readonly password?: string | undefined
  /** OAuth2, as Gmail and Microsoft 365 want it: asked for a token at each connection. */
  readonly accessToken?: (() => Promise<string>) | undefined
  /** A certificate authority of one's own, in PEM; and the name that the certificate is for. */
  readonly tls?: { readonly ca?: string | undefined; readonly servername?: string | undefined } | undefined
}

const limits = { connectMs: 30_000, greetingMs: 15_000, silenceMs: 5 * 60_000, idleMs: 9 * 60_000 } as const

/** The largest literal that a server may send: a mail that is read, with some room. */
const literalBytesMax = 26 * 1024 * 1024

/** A connection that is made and logged in; rejects in words that say what to set. */
export const connected = async (account: MailAccount): Promise<ImapFlow> => {
  const { host, port = 993, secure = true, insecure = false, user, password, accessToken, tls } = account
  if (password === undefined && accessToken === undefined)
    throw new Error(`no password is set for ${user} at ${host}: set IMAP_PASS, or give an access token`)
  const token = await accessToken?.()
  const client = new ImapFlow({
    ...{ host, port, secure, logger: false, disableAutoIdle: true, disableCompression: true },
    ...(secure || insecure ? {} : { doSTARTTLS: true }),
    ...(insecure && !secure ? { doSTARTTLS: false } : {}),
    auth: token === undefined ? { user, pass: password! } : { user, accessToken: token },
    tls: {
      ...(tls?.ca !== undefined && { ca: tls.ca }),
      ...(tls?.servername !== undefined && { servername: tls.servername }),
    },
    ...{ connectionTimeout: limits.connectMs, greetingTimeout: limits.greetingMs, socketTimeout: limits.silenceMs },
    ...{ maxIdleTime: limits.idleMs, maxLiteralSize: literalBytesMax },
  })
  // Its end is seen by what is asked of it next; unheard, the event would end the process.
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    client.close()
    throw told(error, account)
  }
}

/** What went wrong, without what a server may have repeated of a password. */
export const told = (error: unknown, { host, port = 993, user, secure = true }: MailAccount): Error => {
  const at = `${host}:${port}`
  if (!(error instanceof Error)) return new Error(`${at}: ${String(error)}`)
  const { code, authenticationFailed } = error as Error & { code?: string; authenticationFailed?: boolean }
  if (authenticationFailed === true)
    return new Error(`${at} refuses the login of ${user}: check IMAP_USER and IMAP_PASS, or the access token`)
  if (/CERT|SELF_SIGNED|ALTNAME|ISSUER/.test(code ?? ''))
    return new Error(`the certificate of ${at} is not trusted (${code}): give its authority in tls.ca`)
  if (/WRONG_VERSION|EPROTO|SSL/.test(code ?? ''))
    return new Error(`${at} does not speak TLS from the first byte (${code}): set IMAP_SSL=false for STARTTLS`)
  if (/tls|starttls/i.test(error.message) && !secure)
    return new Error(
      `${at} offers no STARTTLS: use the port with TLS, or allow an insecure connection to a server on this machine`,
    )
  return new Error(`the mailbox of ${user} at ${at} cannot be read: ${code ?? error.message}`)
}
