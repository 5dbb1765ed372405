import type { OpenedLog } from '../open-log.ts'
import { partitionsOf } from '../topic.ts'
import { type Letter, letterOf } from './letter.ts'

/** So many of the newest letters of each partition say what most of them are about. */
const sampleMax = 200

export interface ListedLetters {
  readonly topic: string
  readonly records: number
  readonly newest: number
  /** The most frequent reason among the newest. */
  readonly reason: string
}

/** Topics whose newest records are dead letters. */
export const listLetters = async ({ log, operations }: OpenedLog): Promise<ListedLetters[]> => {
  const found: ListedLetters[] = []
  for (const topic of await operations.topics()) {
    let records = 0
    let newest = 0
    const reasons = new Map<string, number>()
    for (const partition of partitionsOf(topic)) {
      const { first, next } = await log.ends(partition)
      const fetched = await log.read(partition, Math.max(first, next - sampleMax), sampleMax)
      const letters = fetched.records.flatMap(record => {
        const letter = letterOf(record)
        return letter === undefined ? [] : [{ letter, record }]
      })
      if (letters.length > 0) records += next - first
      for (const { letter, record } of letters) {
        newest = Math.max(newest, record.timestamp)
        reasons.set(reasonOf(letter), (reasons.get(reasonOf(letter)) ?? 0) + 1)
      }
    }
    const reason = [...reasons].sort(([, one], [, other]) => other - one)[0]?.[0]
    if (reason !== undefined) found.push({ topic: topic.name, records, newest, reason })
  }
  return found
}

const reasonLettersMax = 120

/** Without what differs from record to record. */
export const reasonOf = ({ message, exception }: Letter): string => {
  const line = (message || exception).split('\n')[0]!.replace(/ To fix:.*$/, '')
  return line.length <= reasonLettersMax ? line : `${line.slice(0, reasonLettersMax)}…`
}
