import type { Headers, Partition, StoredRecord } from '../../../topology/ports/log.ts'

const prefix = '__streams.errors.'
/** How often a record has been sent back to where it came from. */
const attemptHeader = '__franz.redrive.attempt'

/** What a dead letter says of itself. */
export interface Letter {
  readonly origin: Partition & { readonly offset: number }
  readonly exception: string
  readonly message: string
  readonly attempt: number
}

const textOf = (headers: Headers, name: string): string | undefined => {
  const found = headers.findLast(([header]) => header === name)?.[1]
  return found ? Buffer.from(found).toString() : undefined
}

/** Undefined: it is no dead letter, or one that cannot go back, as a timer's. */
export const letterOf = ({ headers }: StoredRecord): Letter | undefined => {
  const topic = textOf(headers, `${prefix}topic`)
  const partition = Number(textOf(headers, `${prefix}partition`) ?? Number.NaN)
  const offset = Number(textOf(headers, `${prefix}offset`) ?? Number.NaN)
  if (topic === undefined || !Number.isInteger(partition) || !Number.isInteger(offset)) return undefined
  return {
    origin: { topic, partition, offset },
    exception: textOf(headers, `${prefix}exception`) ?? '',
    message: textOf(headers, `${prefix}message`) ?? '',
    attempt: Number(textOf(headers, attemptHeader) ?? 0),
  }
}

/** The headers with which it goes back: its own, and how often it has been tried. */
export const headersBack = (headers: Headers, attempt: number): Headers => [
  ...headers.filter(([name]) => !name.startsWith(prefix) && name !== attemptHeader),
  [attemptHeader, Buffer.from(String(attempt))],
]
