import { type Incompatibility, incompatibilities } from './resolve.ts'
import type { Schema } from './schema.ts'

export const compatibilityModes = [
  'NONE',
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
] as const
/**
 * Which schemas must read whose data: the modes of a Confluent registry.
 * @example const mode: CompatibilityMode = 'FULL_TRANSITIVE'
 */
export type CompatibilityMode = (typeof compatibilityModes)[number]

/** `backward`: the new schema reads what the old one wrote. `forward`: the old schema reads what the new one writes. */
export type Direction = 'backward' | 'forward'

export interface CompatibilityFinding extends Incompatibility {
  readonly direction: Direction
  /** Which of the old schemas it is about: an index into `old`. */
  readonly version: number
}

export interface CompatibilityVerdict {
  /** The wire verdict alone, by the rules of Apache Avro. */
  readonly compatible: boolean
  readonly findings: readonly CompatibilityFinding[]
}

/** The directions a mode demands. */
export const directionsOf = (mode: CompatibilityMode): readonly Direction[] => {
  if (mode === 'NONE') return []
  if (mode.startsWith('FULL')) return ['backward', 'forward']
  return mode.startsWith('BACKWARD') ? ['backward'] : ['forward']
}

export const isTransitive = (mode: CompatibilityMode): boolean => mode.endsWith('_TRANSITIVE')

/**
 * Whether a new schema may follow the old ones (oldest first): the answer of a Confluent registry in that mode, with
 * every incompatibility of every version that counts, not only the first.
 * @example checkCompatibility({ old: [version1, version2], new: version3, mode: 'BACKWARD_TRANSITIVE' }).compatible
 */
export const checkCompatibility = (question: {
  readonly old: readonly Schema[]
  readonly new: Schema
  readonly mode: CompatibilityMode
}): CompatibilityVerdict => {
  const { old, mode } = question
  const oldest = isTransitive(mode) ? 0 : Math.max(0, old.length - 1)
  const findings: CompatibilityFinding[] = []
  for (let version = old.length - 1; version >= oldest; version--) {
    for (const direction of directionsOf(mode)) {
      const [reader, writer] = direction === 'backward' ? [question.new, old[version]!] : [old[version]!, question.new]
      for (const each of incompatibilities(reader, writer)) findings.push({ ...each, direction, version })
    }
  }
  return { compatible: findings.length === 0, findings }
}
