import { createHash } from 'node:crypto'
import type { Direction } from '../avro/compat.ts'
import type { RuleCode } from './rules/index.ts'

/**
 * Five questions about a change. WIRE: can the bytes be decoded by Avro's rules? NODE: will programs on Node read them?
 * VALUE: do values keep their meaning? STATE: do keys and stores survive? SOURCE: does code that uses the types still fit?
 */
export type Axis = 'WIRE' | 'NODE' | 'VALUE' | 'STATE' | 'SOURCE'

/** From worst to mildest. */
export const levels = ['error', 'warn', 'info'] as const
export type Level = (typeof levels)[number]

/** `backward`: whoever reads old data with the new schema. `forward`: whoever reads new data with the old schema. */
export type FindingDirection = Direction | 'both' | 'none'

/** One end of a change: where it is written, and what stands there. Lines and columns count from one. */
export interface End {
  readonly file: string | undefined
  readonly line: number
  readonly col: number
  readonly value: string
}

/** Replaces the text from `line`, `col` up to `endLine`, `endCol`, or inserts where both are one place. */
export interface Edit {
  readonly file: string | undefined
  readonly line: number
  readonly col: number
  readonly endLine: number
  readonly endCol: number
  readonly newText: string
}

export interface Fix {
  readonly message: string
  readonly edits: readonly Edit[]
}

/** A record that shows the finding: written with one schema by the real codec, read with the other. */
export interface Example {
  /** Bare Avro in hexadecimal, written with the schema of the writer. */
  readonly bytes: string
  readonly direction: Direction
  readonly oldValue?: string
  readonly newValue?: string
  readonly error?: string
}

export interface Affected {
  readonly service: string
  readonly role: 'reader' | 'writer' | 'store' | 'sink' | 'prompt' | 'filter' | 'view'
  readonly when: string
  /** Whether all records are hit or only some. */
  readonly scope: 'all' | 'some'
  /** The topics on the way from the changed one to this service, where there is more than one step. */
  readonly path?: readonly string[]
}

export interface Approval {
  readonly fingerprint: string
  readonly reason: string
  readonly author: string
  /** A day such as 2026-12-31: from the next day on the finding counts again. */
  readonly expires: string
}

/**
 * What a review has to say of one change: what, who is hit, when, and what to do.
 * @example const breaks = ({ level, approvedBy }: Finding) => level === 'error' && approvedBy === undefined
 */
export interface Finding {
  readonly code: RuleCode
  readonly level: Level
  /** The first is the worst. */
  readonly axis: readonly Axis[]
  readonly direction: FindingDirection
  readonly subject: string
  readonly topic: string | undefined
  /** Into the new document, or into the old one for what is no longer there. */
  readonly pointer: string
  /** The same for people: `items[].price`. */
  readonly path: string
  /** The old version it is about, where several count: 1 is the oldest. */
  readonly version: number | undefined
  readonly old: End | undefined
  readonly new: End | undefined
  readonly message: string
  readonly why: string
  readonly affected: readonly Affected[]
  /** Who deploys first, step by step; empty where the order does not matter. */
  readonly order: readonly string[]
  readonly fix: Fix | undefined
  readonly example: Example | undefined
  readonly fingerprint: string
  readonly approvedBy: Approval | undefined
}

const fingerprintDigits = 12

/** Names a finding across commits: line numbers are not part of it, so that an approval survives edits elsewhere. */
export const findingFingerprint = (about: {
  readonly code: string
  readonly subject: string
  readonly pointer: string
  readonly direction: FindingDirection
  readonly old: string
  readonly new: string
}): string =>
  createHash('sha256')
    .update([about.code, about.subject, about.pointer, about.direction, about.old, about.new].join('|'))
    .digest('hex')
    .slice(0, fingerprintDigits)

/** Whether a level is at least as bad as another. */
export const isAtLeast = (level: Level, least: Level): boolean => levels.indexOf(level) <= levels.indexOf(least)
