import { CommandError } from '../command.ts'
import type { Names } from './renamed-log.ts'
import type { Environment } from './settings.ts'

// The variables by which the desk's forerunners named topics and groups. Each of their services was a process of its own, so
// one name meant another topic in each: they count where one service runs alone.

interface Service {
  /** Topics by the variables that name them. */
  readonly topics: Readonly<Record<string, string>>
  /** The variable that names the group, and whose group that is. */
  readonly group?: readonly [variable: string, group: string]
}

const services: Readonly<Record<string, Service>> = {
  'discord-kummerkasten': { topics: { KAFKA_TOPIC: 'discordMSG' } },
  'mail-kummerkasten': { topics: { TARGET_TOPIC: 'mailMSG' } },
  'discord-aufbereitung': {
    topics: { SOURCE_TOPIC: 'discordMSG', TARGET_TOPIC: 'tickets-unnumbered', DLQ_TOPIC: 'tickets-formatted-dlq' },
    group: ['GROUP_ID', 'discord-aufbereitung'],
  },
  'mail-aufbereitung': {
    topics: { SOURCE_TOPIC: 'mailMSG', TARGET_TOPIC: 'tickets-unnumbered', DLQ_TOPIC: 'tickets-formatted-dlq' },
    group: ['GROUP_ID', 'mail-aufbereitung'],
  },
  etikett: {
    topics: {
      KAFKA_TOPIC_INPUT: 'tickets-formatted',
      KAFKA_TOPIC_OUTPUT: 'tickets-labeled',
      KAFKA_TOPIC_DLQ: 'tickets-labeled-dlq',
    },
    group: ['KAFKA_CONSUMER_GROUP_ID', 'etikett'],
  },
  'postgres-exportdienst': {
    topics: { KAFKA_TOPIC: 'tickets-labeled' },
    group: ['CONSUMER_GROUP', 'postgres-exportdienst.postgres'],
  },
  'discord-exportdienst': {
    topics: { KAFKA_TOPIC: 'tickets-labeled' },
    group: ['CONSUMER_GROUP', 'discord-exportdienst.discord'],
  },
  absturz: { topics: {}, group: ['CONSUMER_GROUP', 'absturz.absturz-webhook'] },
}

const topicPattern = /^[\w.-]{1,249}$/

/** What one service alone calls its topics and its group. */
export const seedNames = (env: Environment, only: readonly string[]): Names => {
  const { KAFKA_CONSUMER_AUTO_OFFSET_RESET: reset = '' } = env
  if (!['', 'earliest'].includes(reset))
    throw new CommandError(
      'usage',
      `KAFKA_CONSUMER_AUTO_OFFSET_RESET is "${reset}", and a new group always begins at the earliest record, for no ticket may be passed over. Leave it away.`,
    )
  const [name, ...more] = only
  const service = name === undefined || more.length > 0 ? undefined : services[name]
  if (service === undefined) return { topics: new Map(), groups: new Map() }
  const topics = Object.entries(service.topics).flatMap(([variable, topic]) => {
    const said = env[variable]
    if (said === undefined || said === '' || said === topic) return []
    if (topicPattern.test(said)) return [[topic, said] as const]
    throw new CommandError('usage', `${variable} is "${said}", and ${name} takes the name of one topic there.`)
  })
  const [variable = '', group = ''] = service.group ?? []
  const theirs = env[variable]
  return { topics: new Map(topics), groups: new Map(theirs ? [[group, theirs]] : []) }
}

/** The topics that Absturz reads where it runs alone, with commas between. */
export const seedFailures = ({ KAFKA_TOPICS = '' }: Environment, only: readonly string[]): readonly string[] => {
  if (only.length !== 1 || only[0] !== 'absturz') return []
  const names = KAFKA_TOPICS.split(',').flatMap(name => name.trim() || [])
  const wrong = names.find(name => !topicPattern.test(name))
  if (wrong === undefined) return [...new Set(names)]
  throw new CommandError('usage', `KAFKA_TOPICS has "${wrong}", which is no name of a topic.`)
}

/** The brokers by any of their names. */
export const seedBrokers = ({
  KAFKA_BROKERS,
  KAFKA_BROKER,
  KAFKA_BOOTSTRAP_SERVERS,
}: Environment): string | undefined => KAFKA_BROKERS || KAFKA_BROKER || KAFKA_BOOTSTRAP_SERVERS || undefined
