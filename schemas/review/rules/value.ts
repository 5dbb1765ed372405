import type { Rule } from './rule.ts'

/** It decodes, but to something else. No schema registry looks at these. */
export const valueRules = {
  AV301: {
    title: 'scale or precision of a decimal changed',
    axis: ['VALUE', 'NODE'],
    level: 'error',
    what: 'A decimal has another scale or another precision.',
    why: 'A decimal is written as its digits alone; where the point stands is in the schema only. With another scale 123.45 is read as 12.345. Our codec refuses such a pair; Java reads the wrong value.',
    fix: 'add a new field with the new scale, and write both for a while',
  },
  AV302: {
    title: 'logical type or unit changed, added or removed',
    axis: ['VALUE', 'NODE', 'SOURCE'],
    level: 'error',
    what: 'The bytes stay, but what they stand for is another thing: milliseconds become microseconds, days become milliseconds.',
    why: 'Logical types are annotations; no checker compares them, and every value is read as something else.',
    fix: 'add a new field with the new logical type, and write both for a while',
  },
  AV303: {
    title: 'default value changed',
    axis: ['VALUE'],
    level: 'warn',
    what: 'What readers see for data that is not there, or for a symbol they do not know, is another value than before.',
    why: 'Defaults are not written: old records change their meaning at the moment the reader is deployed.',
    fix: 'keep the default, unless old records shall mean the new one',
  },
  AV304: {
    title: 'default removed: the transitive trap',
    axis: ['WIRE', 'VALUE'],
    level: 'warn',
    what: 'A field lost its default. The version before has the field, so that step is fine; an older version has not.',
    why: 'Each step by itself is compatible, all of them together are not. Topics and changelogs hold records of every version that is still retained.',
    fix: 'keep the default for as long as any record without the field is retained; use a transitive mode',
  },
  AV305: {
    title: 'lossy promotion',
    axis: ['VALUE'],
    level: 'warn',
    what: 'Whole numbers are read as floating point.',
    why: 'A float is exact to 2^24, a double to 2^53; larger numbers are rounded without a word.',
    fix: 'use double for int; for long add a new field',
  },
  AV306: {
    title: 'string and bytes exchanged',
    axis: ['VALUE', 'SOURCE'],
    level: 'warn',
    what: 'A string became bytes, or bytes a string.',
    why: 'Both are written alike. Bytes that are not UTF-8 are read as text with U+FFFD in it, and types in the code change.',
    fix: 'make sure that all data is UTF-8, or add a new field',
  },
  AV307: {
    title: 'data moved to another field',
    axis: ['VALUE'],
    level: 'warn',
    what: 'A field is gone and one of the same type stands elsewhere, with a default.',
    why: 'Readers do not follow: for old records they see the default, and the old value is dropped without a word.',
    fix: 'keep the old field too, write both, and let readers prefer the new one',
  },
  AV308: {
    title: 'name used again for something else',
    axis: ['VALUE', 'WIRE'],
    level: 'warn',
    what: 'A field comes back under a name that an older version used for another type or meaning.',
    why: 'Old records that still carry the old field are read into the new one, or cannot be read.',
    fix: 'choose a name that no retained version has used',
  },
} as const satisfies Record<string, Rule>
