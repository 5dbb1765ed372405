// A set of .avsc files read together: those that are valid, what is wrong with the others, and who refers to whom.
import { SchemaError } from '../../avro/error.ts'
import type { Accept } from '../../avro/names.ts'
import { type ParsedFiles, parseAll, type SourceText } from '../../avro/parse.ts'
import type { Schema } from '../../avro/schema.ts'
import { type Deployment, subjectOfFile } from '../deployment.ts'

export interface SchemaState {
  readonly parsed: ParsedFiles
  readonly errors: readonly SchemaError[]
}

/** Parses what can be parsed: a file with a mistake is left out, and so are those that need its types. */
export const readState = (files: readonly SourceText[], accept: Accept): SchemaState => {
  const errors: SchemaError[] = []
  let left = files
  for (;;) {
    try {
      return { parsed: parseAll(left, { accept }), errors }
    } catch (error) {
      if (!(error instanceof SchemaError) || error.file === undefined) throw error
      errors.push(error)
      left = left.filter(({ file }) => file !== error.file)
    }
  }
}

/** Files in a folder of this name hold types for others and are no subjects of their own. */
const partsFolder = 'types'

export const isPart = (file: string): boolean => file.split('/').slice(0, -1).includes(partsFolder)

export interface StatedSubject {
  readonly file: string
  readonly schema: Schema
}

/** The subjects of a state, with their schemas. */
export const subjectsOf = (state: SchemaState, deployment: Deployment): ReadonlyMap<string, StatedSubject> =>
  new Map(
    [...state.parsed.schemas]
      .filter(([file]) => !isPart(file))
      .map(([file, schema]) => [subjectOfFile(file, deployment), { file, schema }]),
  )

/** Circles of files that refer to each other, each as the files on the way. */
export const circlesOf = ({ parsed: { references } }: SchemaState): readonly (readonly string[])[] => {
  const found: string[][] = []
  const done = new Set<string>()
  const follow = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file)
    if (at >= 0) {
      found.push([...path.slice(at), file])
      return
    }
    if (done.has(file)) return
    for (const next of references.get(file) ?? []) follow(next, [...path, file])
    done.add(file)
  }
  for (const file of [...references.keys()].sort()) follow(file, [])
  return found
}
