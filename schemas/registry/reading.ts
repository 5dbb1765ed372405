import type { Reference } from './local/book.ts'
import type { Answer } from './transport.ts'

// What the answers of a registry mean. Each gives undefined for an answer that is not of its form: from a server that is not a
// registry, or from one that fails.

/** What a registry keeps under an id or a version. */
export interface Kept {
  readonly schema: string
  readonly references: readonly Reference[]
  readonly id: number | undefined
  /** `AVRO`, or a type that Franz does not read. */
  readonly type: string
}

/** An id, or the registry's words that it does not have the schema. */
export interface LookUp {
  readonly id: number | undefined
  readonly said: string
}

const isId = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) < 2 ** 31
const isText = (value: unknown): value is string => typeof value === 'string'

const members = (answer: Answer): Readonly<Record<string, unknown>> =>
  answer.status === 200 && answer.body !== null && typeof answer.body === 'object'
    ? (answer.body as Record<string, unknown>)
    : {}

const listIn = <V>(answer: Answer, is: (value: unknown) => value is V): readonly V[] | undefined =>
  answer.status === 200 && Array.isArray(answer.body) && answer.body.every(is) ? answer.body : undefined

export const idIn = (answer: Answer): number | undefined => {
  const { id } = members(answer)
  return isId(id) ? id : undefined
}

export const lookUpIn = (answer: Answer): LookUp | undefined => {
  const id = idIn(answer)
  const says = answer.status === 404 && (answer.code === 40401 || answer.code === 40403)
  return id !== undefined || says ? { id, said: answer.said } : undefined
}

export const keptIn = (answer: Answer): Kept | undefined => {
  const { schema, schemaType: type = 'AVRO', references = [] } = members(answer)
  if (!isText(schema) || !isText(type) || !Array.isArray(references)) return undefined
  if (!references.every(each => isText(each?.name) && isText(each.subject) && isId(each.version))) return undefined
  return { schema, references, id: idIn(answer), type }
}

/** The same for an id; `absent` when the registry says in so many words that it does not know it. */
export const keptOrAbsentIn = (answer: Answer): Kept | 'absent' | undefined =>
  answer.status === 404 && answer.code === 40403 ? 'absent' : keptIn(answer)

export const subjectsIn = (answer: Answer): readonly string[] | undefined => listIn(answer, isText)

export const versionNumbersIn = (answer: Answer): readonly number[] | undefined =>
  answer.status === 404 && answer.code === 40401 ? [] : listIn(answer, isId)

export const levelIn = (answer: Answer): string | undefined => {
  const { compatibilityLevel } = members(answer)
  return isText(compatibilityLevel) ? compatibilityLevel : undefined
}

/** Why a schema would be refused; none when it would not. */
export const objectionsIn = (answer: Answer): readonly string[] | undefined => {
  const { is_compatible: fits, messages } = members(answer)
  if (fits === true) return []
  if (fits !== false) return undefined
  return Array.isArray(messages) && messages.length > 0 ? messages.map(String) : ['no reason given']
}
