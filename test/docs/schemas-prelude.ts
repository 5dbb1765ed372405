// What the examples of the schemas' comments take for granted: a shop with its orders, a desk with its tickets.
import { readFileSync, writeFileSync } from 'node:fs'
import { EmbeddedLog } from '../../runners/embedded/index.ts'
import { run } from '../../runners/host/index.ts'
import type { Position } from '../../schemas/avro/error.ts'
import type { OpenRegistry, RegistryReader, ReviewInput, Schema } from '../../schemas/index.ts'
import type { Format, Topology } from '../../topology/index.ts'

export { EmbeddedLog, readFileSync, run, writeFileSync }

export interface Ticket {
  readonly subject: string
}
export type TicketInput = Partial<Ticket>

export declare const apiMessage: Format<Ticket, TicketInput>
export declare const record: { readonly value: Uint8Array }
export declare const interactionId: string

export declare const version1: Schema
export declare const version2: Schema
export declare const version3: Schema
export declare const schema: Schema
export declare const old: Schema
export declare const mood: string
export declare const file: string
export declare const position: Position
export declare const problem: string
export declare const fix: string
export declare const input: ReviewInput

export declare const pipeline: Topology
export declare const desk: Topology
export declare const figures: Topology

export declare const registry: OpenRegistry
export declare const reader: RegistryReader
export declare const error: unknown
export declare const wait: () => void
export declare const url: string
export declare const username: string
export declare const password: string
