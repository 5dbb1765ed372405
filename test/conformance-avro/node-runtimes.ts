// What programs on Node really do with each pair of the vectors, beside what the review says they do.
import avsc from 'avsc'
import { parseSchema, schemaFromJson } from '../../schemas/avro/parse.ts'
import type { Schema } from '../../schemas/avro/schema.ts'
import { schemaText } from '../../schemas/avro/write.ts'
import { compile, compileWriter } from '../../schemas/codec/compile.ts'
import { type NodeRuntime, nodeReason } from '../../schemas/review/node.ts'
import { pairVectors } from './vectors.ts'

const pairs = pairVectors().map(pair => [pair.old, pair.new].map(node => schemaFromJson(node, { accept: 'apache' })))

const attempt = <T>(make: () => T): T | undefined => {
  try {
    return make()
  } catch {
    return undefined
  }
}
const succeeds = (make: () => unknown): boolean => attempt(() => ({ made: make() })) !== undefined
const once = <K extends object, V>(make: (key: K) => V): ((key: K) => V) => {
  const made = new WeakMap<K, { value: V }>()
  return key => {
    const known = made.get(key) ?? { value: make(key) }
    made.set(key, known)
    return known.value
  }
}
const bare = once((schema: Schema) => attempt(() => avsc.Type.forSchema(JSON.parse(schemaText(schema)))))
/** Our own schemas are parsed strictly; what others wrote may be anything that Java takes. */
const readerType = once((schema: Schema) => attempt(() => compile(parseSchema(schemaText(schema)), 'bigint')))
const writerType = once((schema: Schema) => attempt(() => compileWriter(schema, 'bigint')))
/** Whether a runtime really reads what a writer wrote. */
const attempts: Record<NodeRuntime, (reader: Schema, writer: Schema) => boolean> = {
  franz: (reader, writer) => {
    const types = [readerType(reader), writerType(writer)]
    return types.every(Boolean) && succeeds(() => types[0]!.createResolver(types[1]!, { ignoreNamespaces: true }))
  },
  avsc: (reader, writer) => {
    const types = [bare(reader), bare(writer)]
    return (
      types.every(Boolean) && succeeds(() => types[0]!.createResolver(types[1]!, { ignoreNamespaces: true } as never))
    )
  },
  'avsc-strict': (reader, writer) => {
    const types = [bare(reader), bare(writer)]
    return types.every(Boolean) && succeeds(() => types[0]!.createResolver(types[1]!))
  },
}

/** The pairs, every `step`th of them, on which our verdict is not what the runtime then does; words for each. */
export const disagreements = (runtime: NodeRuntime, step: number): readonly string[] => {
  const found: string[] = []
  for (let index = 0; index < pairs.length; index += step) {
    const [old, next] = pairs[index] as [Schema, Schema]
    for (const [reader, writer] of [
      [old, next],
      [next, old],
    ] as const) {
      const reason = nodeReason(reader, writer, runtime)
      const does = attempts[runtime](reader, writer)
      if ((reason === undefined) === does) continue
      found.push(
        `${runtime} ${does ? 'reads' : 'refuses'}: ${reason?.message}\n${schemaText(reader)}\n${schemaText(writer)}`,
      )
    }
  }
  return found
}
