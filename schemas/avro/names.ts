import { primitiveTypes } from './schema.ts'

/** `strict` is what every Avro library reads; `apache` is what Apache Avro for Java 1.12 reads, and nothing less. */
export type Accept = 'strict' | 'apache'

const plainName = /^[A-Za-z_][A-Za-z0-9_]*$/
const anyLetterName = /^[\p{L}_][\p{L}\p{Nd}_]*$/u

/** Why a name (without dots) cannot be one, or undefined when it can. */
export const nameFault = (name: string, accept: Accept): string | undefined => {
  if ((accept === 'strict' ? plainName : anyLetterName).test(name)) return undefined
  if (name === '') return 'the name is empty'
  return `"${name}" is no name: only letters, digits and _ are allowed, and no digit at the start`
}

export interface FullName {
  readonly name: string
  readonly namespace: string
  readonly fullName: string
}

/** A name as written, dotted or not, seen from a namespace. */
export const qualify = (written: string, namespace: string): FullName => {
  const dot = written.lastIndexOf('.')
  const name = written.slice(dot + 1)
  const space = dot < 0 ? namespace : written.slice(0, dot)
  return { name, namespace: space, fullName: space === '' ? name : `${space}.${name}` }
}

export const isPrimitiveName = (name: string): boolean => (primitiveTypes as readonly string[]).includes(name)

const editsMax = 2

/** How many single letters differ between two words; used only on short names. */
const distance = (left: string, right: string): number => {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i++) {
    const next = [i]
    for (let j = 1; j <= right.length; j++) {
      const swap = row[j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1)
      next.push(Math.min(swap, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[right.length]!
}

/** The candidate that was probably meant, if one is close. */
export const nearest = (name: string, candidates: Iterable<string>): string | undefined => {
  const short = (full: string) => full.slice(full.lastIndexOf('.') + 1).toLowerCase()
  const ranked = [...candidates]
    .map(candidate => ({ candidate, edits: distance(short(name), short(candidate)) }))
    .filter(({ candidate, edits }) => edits <= editsMax && edits * 2 < Math.max(name.length, candidate.length))
    .sort((a, b) => a.edits - b.edits || (a.candidate < b.candidate ? -1 : 1))
  return ranked[0]?.candidate
}
