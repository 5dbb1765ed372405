import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../../runners/host/index.ts'
import { KafkaLog } from '../../runners/kafka/index.ts'
import { text, topic, topology } from '../../topology/index.ts'
import type { StoredRecord } from '../../topology/ports/log.ts'
import { startTokenServer, type TokenServer } from '../doubles/token-server.ts'
import { type Certificates, makeCertificates } from '../parts/certificates.ts'
import { type Kafka, startKafka } from '../parts/kafka.ts'
import { lacks } from '../parts/parts.ts'
import { newFolder } from '../runners/cli/folder.ts'

type Settings = Readonly<Record<string, string>>

const secret = 'open-sesame-4711'
/** A secret that is wrong: it must not be seen anywhere. */
const canary = 'canary-hush-0815'
const audience = 'franz'
const temporary = () => mkdtempSync(join(tmpdir(), 'franz-secured-'))

/** Over the connection all is done that a pipeline does: topics are made, records appended, taken as a group, committed, read. */
const works = async ({ bootstrap: brokers }: Kafka, client: Settings): Promise<void> => {
  const log = await KafkaLog.open({ brokers, client, folder: temporary() })
  try {
    const name = `secured-${randomUUID().slice(0, 8)}`
    const texts = (which: string) => topic(`${name}-${which}`, { key: text, value: text, partitions: 1 })
    const running = await run(
      topology(name, draft => draft.stream(texts('in')).to(texts('out'))),
      { log, instance: 'one' },
    )
    const record = { key: null, value: Buffer.from('x'), timestamp: Date.now(), headers: [] }
    await log.append([{ topic: `${name}-in`, partition: 0, records: [record] }])
    let found: readonly StoredRecord[] = []
    while (found.length === 0) {
      found = (await log.read({ topic: `${name}-out`, partition: 0 }, 0, 10)).records
      await sleep(20)
    }
    expect(found.map(({ value }) => Buffer.from(value!).toString())).toEqual(['x'])
    await running.stop()
  } finally {
    await log.close()
  }
}

/** What they see who type it, with their secrets in the environment. */
const isRefused = async ({ bootstrap }: Kafka, client: Settings, says: RegExp): Promise<void> => {
  const env = Object.entries(client).map(([name, value]) => [
    `FRANZ_KAFKA_${name.toUpperCase().replaceAll('.', '_')}`,
    value,
  ])
  const { franz } = newFolder()
  const found = await franz('topics list', undefined, { FRANZ_BROKERS: bootstrap, ...Object.fromEntries(env) })
  expect(found).toEqual({ code: 4, says: expect.stringMatching(says) })
  expect(found.says).not.toContain(canary)
}

describe.skipIf(lacks('kafka', 'kafka client', 'openssl'))('brokers that ask who is there', () => {
  let at: Certificates
  let tokens: TokenServer
  let byCertificate: Kafka
  let byPassword: Kafka

  beforeAll(async () => {
    at = await makeCertificates(temporary(), 'desk')
    tokens = await startTokenServer('desk', secret, audience)
    writeFileSync(at('broker.pem'), `${readFileSync(at('server.key'))}${readFileSync(at('server.pem'))}`)
    const stores = {
      ...{ 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': at('broker.pem') },
      ...{ 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': at('ca.pem') },
    }
    const started = await Promise.all([
      startKafka({ security: { protocol: 'SSL', settings: { ...stores, 'ssl.client.auth': 'required' } } }),
      startKafka({
        jvm: [`-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${tokens.keysUrl}`],
        security: {
          protocol: 'SASL_SSL',
          settings: { ...stores, ...passwords(tokens) },
          scram: [256, 512].map(bits => `SCRAM-SHA-${bits}=[name=alice,password=${secret}]`),
        },
      }),
    ])
    byCertificate = started[0]
    byPassword = started[1]
  })
  afterAll(async () => {
    await byCertificate?.stop()
    await byPassword?.stop()
    await tokens?.close()
  })

  const tls = () => ({ 'security.protocol': 'ssl', 'ssl.ca.location': at('ca.pem') })
  const mutual = () => ({
    ...{ ...tls(), 'ssl.certificate.location': at('client.pem'), 'ssl.key.location': at('client.key') },
  })
  const sasl = (mechanism: string, password: string) => ({
    ...{ ...tls(), 'security.protocol': 'sasl_ssl', 'sasl.mechanisms': mechanism },
    ...{ 'sasl.username': 'alice', 'sasl.password': password },
  })
  const oauth = (password: string) => ({
    ...{ ...tls(), 'security.protocol': 'sasl_ssl', 'sasl.mechanisms': 'OAUTHBEARER' },
    ...{ 'sasl.oauthbearer.method': 'oidc', 'sasl.oauthbearer.token.endpoint.url': tokens.tokenUrl },
    ...{ 'sasl.oauthbearer.client.id': 'desk', 'sasl.oauthbearer.client.secret': password },
  })

  test('let in whoever has a certificate that they know', () => works(byCertificate, mutual()))

  test.for(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])('let in whoever has the password, by %s over TLS', mechanism =>
    works(byPassword, sasl(mechanism, secret)),
  )

  test('let in whoever has a token of the server that they trust', () => works(byPassword, oauth(secret)))

  test('refuse a client without a certificate, and it says which settings to look at', () =>
    isRefused(byCertificate, tls(), /refuse the connection: .*bad certificate.*Look at .*ssl\.\*/s))

  test('are refused where nobody vouches for them', () =>
    isRefused(
      byPassword,
      { ...sasl('PLAIN', canary), 'ssl.ca.location': at('client.pem') },
      /broker certificate could not be verified.*ssl\.\*/s,
    ))

  test.for(['PLAIN', 'SCRAM-SHA-256'])('refuse a wrong password by %s, and nobody reads which one it was', mechanism =>
    isRefused(byPassword, sasl(mechanism, canary), /refuse the connection: .*authentication.*Look at .*sasl\.\*/is),
  )

  test('refuse who gets no token, and nobody reads the secret', () =>
    isRefused(
      byPassword,
      oauth(canary),
      /refuse the connection: .*retrieve OIDC token.*invalid_client.*Look at .*sasl\.\*/s,
    ))
})

const passwords = ({ keysUrl }: TokenServer): Settings => {
  const login = 'org.apache.kafka.common.security'
  const client = (setting: string) => `listener.name.client.${setting}`
  return {
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
    [client('plain.sasl.jaas.config')]: `${login}.plain.PlainLoginModule required user_alice="${secret}";`,
    [client('scram-sha-256.sasl.jaas.config')]: `${login}.scram.ScramLoginModule required;`,
    [client('scram-sha-512.sasl.jaas.config')]: `${login}.scram.ScramLoginModule required;`,
    [client('oauthbearer.sasl.jaas.config')]: `${login}.oauthbearer.OAuthBearerLoginModule required;`,
    [client('oauthbearer.sasl.server.callback.handler.class')]:
      `${login}.oauthbearer.OAuthBearerValidatorCallbackHandler`,
    'sasl.oauthbearer.jwks.endpoint.url': keysUrl,
    'sasl.oauthbearer.expected.audience': audience,
  }
}
