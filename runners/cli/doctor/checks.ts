import { existsSync, statfsSync } from 'node:fs'
import { createConnection } from 'node:net'
import { httpRegistry } from '../../../schemas/index.ts'
import type { Call } from '../command.ts'
import { openFolder } from '../open-log.ts'
import { counted } from '../shown.ts'

/** What was found out about one thing. `absent`: not there, and not needed for what is asked here. */
export interface Finding {
  readonly about: string
  readonly state: 'good' | 'absent' | 'wrong' | 'unreachable'
  readonly says: string
  /** What to do about it. */
  readonly fix?: string
}

const nodeOldest = [20, 19] as const
const freeBytesMin = 100 * 1024 * 1024
const connectMs = 3_000

export const checkNode = (): Finding => {
  const [major, minor] = process.versions.node.split('.').map(Number) as [number, number]
  const isOld = major < nodeOldest[0] || (major === nodeOldest[0] && minor < nodeOldest[1])
  const says = `Node ${process.versions.node} on ${process.platform} ${process.arch}`
  return isOld
    ? { about: 'node', state: 'wrong', says, fix: `install Node ${nodeOldest.join('.')} or newer` }
    : { about: 'node', state: 'good', says }
}

export const checkFolder = async (call: Call): Promise<Finding> => {
  const folder = call.flag('data')!
  if (!existsSync(folder))
    return { about: 'data folder', state: 'absent', says: `there is none at ${folder}`, fix: '`franz run` makes it' }
  try {
    const opened = await openFolder(folder)
    const topics = await opened.operations.topics()
    const groups = await opened.operations.groups()
    if (call.is('read')) opened.check?.()
    await opened.close()
    const { bavail, bsize } = statfsSync(folder)
    const free = bavail * bsize
    const says = `${folder} has ${counted(topics.length, 'topic')}, ${counted(groups.length, 'group')}, and ${Math.floor(free / 1024 / 1024)} MiB of room${call.is('read') ? '; all of it is as it was written' : ''}`
    return free < freeBytesMin
      ? { about: 'data folder', state: 'wrong', says, fix: 'make room on its disk' }
      : { about: 'data folder', state: 'good', says }
  } catch (error) {
    return { about: 'data folder', state: 'wrong', says: (error as Error).message }
  }
}

export const checkRegistry = async (call: Call): Promise<Finding> => {
  const url = call.flag('registry')
  if (url === undefined)
    return { about: 'registry', state: 'absent', says: 'the data folder keeps its own; --registry names another' }
  const { FRANZ_REGISTRY_USER: username, FRANZ_REGISTRY_PASSWORD: password = '' } = call.env
  try {
    const registry = httpRegistry({ url, auth: username === undefined ? undefined : { username, password } })
    const subjects = await registry.subjects()
    await registry.close()
    return { about: 'registry', state: 'good', says: `${registry.name} has ${subjects.length} subjects` }
  } catch (error) {
    return {
      about: 'registry',
      state: 'unreachable',
      says: (error as Error).message,
      fix: 'start it, or correct --registry',
    }
  }
}

export const checkBrokers = async (call: Call): Promise<readonly Finding[]> => {
  const brokers = call.flag('brokers')
  if (brokers === undefined)
    return [{ about: 'Kafka', state: 'absent', says: 'a data folder needs none; --brokers names it' }]
  return Promise.all(brokers.split(',').map(broker => checkBroker(broker.trim())))
}

const checkBroker = async (broker: string): Promise<Finding> => {
  const about = `Kafka at ${broker}`
  const [, host, port] = /^\[?([^\]]+)\]?:(\d+)$/.exec(broker) ?? []
  if (host === undefined) return { about, state: 'wrong', says: 'it is not host:port', fix: 'correct --brokers' }
  return new Promise(found => {
    const socket = createConnection({ host, port: Number(port), timeout: connectMs })
    const done = (finding: Finding) => {
      socket.destroy()
      found(finding)
    }
    socket.on('connect', () => done({ about, state: 'good', says: 'it can be connected to' }))
    socket.on('timeout', () => done({ about, state: 'unreachable', says: `no answer within ${connectMs / 1_000} s` }))
    socket.on('error', error =>
      done({ about, state: 'unreachable', says: error.message, fix: 'start it, or correct --brokers' }),
    )
  })
}

/** The client is native, and nobody needs it who works on a data folder. */
export const checkKafkaClient = async (call: Call): Promise<Finding> => {
  const about = 'Kafka client'
  try {
    const { createRequire } = await import('node:module')
    const { existsSync: exists } = await import('node:fs')
    const own = new URL('../../kafka/client/node_modules/@confluentinc/kafka-javascript/package.json', import.meta.url)
    if (!exists(own)) createRequire(import.meta.url).resolve('@confluentinc/kafka-javascript/package.json')
    return { about, state: 'good', says: 'it is installed' }
  } catch {
    const needed = call.flag('brokers') !== undefined
    const fix = '`npm run setup:kafka` in a clone; `npm i @confluentinc/kafka-javascript@1.10` in a project'
    return { about, state: needed ? 'wrong' : 'absent', says: 'it is not installed; only --brokers needs it', fix }
  }
}
