import { aroundRules } from './around.ts'
import { nodeRules } from './node.ts'
import type { Rule } from './rule.ts'
import { safeRules } from './safe.ts'
import { valueRules } from './value.ts'
import { wireRules } from './wire.ts'

const all = { ...safeRules, ...wireRules, ...nodeRules, ...valueRules, ...aroundRules } as const

export type RuleCode = keyof typeof all

/** Every rule of the review, by its code. */
export const rules: Readonly<Record<RuleCode, Rule>> = all

export const isRuleCode = (text: string): text is RuleCode => Object.hasOwn(rules, text)

/** A change that breaks nobody and is listed only to be complete. */
export const isSafe = (code: RuleCode): boolean => code.startsWith('AV00') && code !== 'AV007'
