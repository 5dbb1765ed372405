import { KafkaError } from './failure.ts'
import { asked, type Consumer, type LogEvent, type NativeError, type Producer } from './native.ts'
import { connectTimeoutMs, type KafkaOptions } from './settings.ts'

/** Words of the client that mean that the broker knows us and does not want us. */
export const refusals = /authentication|authorization|sasl|ssl|certificate|OIDC/i

/** The reason why brokers, or the server of tokens, refuse us, in the log of the client; without addresses and times. */
export const reasonIn = ({ fac, message }: LogEvent): string | undefined => {
  if (fac !== 'FAIL' && fac !== 'OIDC') return undefined
  const said = message
    .replace(/^\[thrd:[^\]]*\]: /, '')
    .replace(/^\w+:\/\/\S+: /, '')
    .replace(/ \(after \d+ms in state .*$/s, '')
  return refusals.test(said) ? said : undefined
}

/** Connects a client, or says why it cannot be. */
export const connect = async (client: Consumer | Producer, options: KafkaOptions): Promise<void> => {
  let said: string | undefined
  let reason: string | undefined
  client.on('event.log', event => {
    reason = reasonIn(event) ?? reason
  })
  client.on('event.error', ({ message }) => {
    if (said === undefined || refusals.test(message)) said = message
  })
  try {
    await asked<unknown>(done => client.connect({ timeout: connectTimeoutMs }, done))
  } catch (error) {
    throw connectError(options, reason ?? said ?? (error as NativeError).message)
  }
}

export const connectError = ({ brokers }: KafkaOptions, said: string): KafkaError =>
  refusals.test(said)
    ? new KafkaError(
        'refused',
        `the brokers at ${brokers} refuse the connection: ${said}. Look at security.protocol, sasl.* and ssl.* in --kafka-config.`,
      )
    : new KafkaError(
        'unreachable',
        `no broker at ${brokers} can be reached: ${said}. Are they up, and does their advertised.listeners say an address that this machine can reach?`,
      )
