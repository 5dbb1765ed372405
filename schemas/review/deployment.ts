// What the review knows of the programs around a schema: who reads, who writes, who keeps.
import type { NodeRuntime } from './node.ts'

/** A store of a pipeline, rebuilt from its changelog after a loss. */
export interface DeployedStore {
  readonly name: string
  /** The topic whose values it holds, where it is that of a table. */
  readonly topic?: string
  /** The names of its formats, such as `avro desk.Ticket 9f3c01ab`. */
  readonly key?: string
  readonly value?: string
  readonly retentionMs?: number
}

/** What a sink writes where. */
export interface DeployedSink {
  readonly name: string
  readonly topic: string
  readonly columns?: readonly { readonly field: string; readonly column: string; readonly nullable?: boolean }[]
}

/** A place outside the types that uses a field by its name. */
export interface FieldUse {
  readonly name: string
  readonly topic: string
  readonly field: string
  readonly in: 'prompt' | 'filter' | 'view'
}

export interface DeployedPipeline {
  readonly name: string
  readonly reads: readonly string[]
  readonly writes: readonly string[]
  readonly stores?: readonly DeployedStore[]
  readonly sinks?: readonly DeployedSink[]
  readonly uses?: readonly FieldUse[]
  /** What decodes its records; this library's codec unless it says otherwise. */
  readonly runtime?: NodeRuntime | 'java'
}

/**
 * The programs and topics around the schemas, as the topologies describe them.
 * @example const deployment: Deployment = { pipelines: [{ name: 'billing', reads: ['orders'], writes: ['invoices'] }] }
 */
export interface Deployment {
  readonly pipelines: readonly DeployedPipeline[]
  /** The topic of each subject; `orders-value` and `orders-key` belong to `orders` without saying so. */
  readonly subjects?: Readonly<Record<string, string>>
  /** The subject of an .avsc file, by its file name; `orders.avsc` is that of `orders-value` without saying so. */
  readonly files?: Readonly<Record<string, string>>
  /** Topics that are joined by their keys, group by group. */
  readonly copartitioned?: readonly (readonly string[])[]
  /** How long a topic keeps records; undefined means for ever. */
  readonly retentionMs?: Readonly<Record<string, number>>
  readonly long?: 'bigint' | 'number'
}

export const emptyDeployment: Deployment = { pipelines: [] }

/** Which part of a record a subject is about, by the naming that Confluent's clients use. */
export const topicOf = (subject: string, deployment: Deployment): { topic: string; part: 'key' | 'value' } => {
  const part = subject.endsWith('-key') ? 'key' : 'value'
  return { topic: deployment.subjects?.[subject] ?? subject.replace(/-(?:key|value)$/, ''), part }
}

/** The subject that a file is the schema of. */
export const subjectOfFile = (file: string, deployment: Deployment): string => {
  const stem = file.slice(file.lastIndexOf('/') + 1).replace(/\.avsc$/, '')
  const declared = deployment.files?.[file] ?? deployment.files?.[`${stem}.avsc`]
  return declared ?? (/-(?:key|value)$/.test(stem) ? stem : `${stem}-value`)
}

export const readersOf = (topic: string, deployment: Deployment): readonly DeployedPipeline[] =>
  deployment.pipelines.filter(({ reads }) => reads.includes(topic))

export const writersTo = (topic: string, deployment: Deployment): readonly DeployedPipeline[] =>
  deployment.pipelines.filter(({ writes }) => writes.includes(topic))

/** Pipelines that are reached from a topic through others, each with the topics on the way. */
export const downstream = (
  topic: string,
  deployment: Deployment,
): readonly { readonly pipeline: DeployedPipeline; readonly path: readonly string[] }[] => {
  const seen = new Set(readersOf(topic, deployment))
  const found: { pipeline: DeployedPipeline; path: readonly string[] }[] = []
  const ahead = [...seen].flatMap(({ writes }) => writes.map(next => [topic, next]))
  for (const path of ahead) {
    for (const pipeline of readersOf(path.at(-1)!, deployment)) {
      if (seen.has(pipeline)) continue
      seen.add(pipeline)
      found.push({ pipeline, path })
      ahead.push(...pipeline.writes.map(next => [...path, next]))
    }
  }
  return found
}
