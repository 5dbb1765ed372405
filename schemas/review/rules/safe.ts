import type { Rule } from './rule.ts'

/** Changes that break nobody. They are listed so that silence is not mistaken for safety. */
export const safeRules = {
  AV001: {
    title: 'field added with a default',
    axis: ['WIRE'],
    level: 'info',
    what: 'A field was added, and it has a default.',
    why: 'New readers take the default for old records; old readers pass over the field in new ones.',
    fix: 'nothing: deploy in any order',
  },
  AV002: {
    title: 'field with a default removed',
    axis: ['WIRE'],
    level: 'info',
    what: 'A field that had a default was removed.',
    why: 'New readers pass over it in old records; old readers take their default for new ones.',
    fix: 'nothing, if no old reader minds the default',
  },
  AV003: {
    title: 'order changed',
    axis: ['WIRE'],
    level: 'info',
    what: 'Fields, symbols or branches stand in another order, or a field sorts differently.',
    why: 'Readers match by name. Only what sorts encoded keys by the schema sees the difference.',
    fix: 'nothing, unless the schema is that of a key that is compared in its encoded form',
  },
  AV004: {
    title: 'documentation or unknown attributes changed',
    axis: ['SOURCE'],
    level: 'info',
    what: 'Only docs, or attributes that Avro gives no meaning to, differ.',
    why: 'No reader looks at them; generated comments change.',
    fix: 'nothing',
  },
  AV005: {
    title: 'aliases changed',
    axis: ['WIRE'],
    level: 'info',
    what: 'A name that old data may carry was added to or taken from the aliases.',
    why: 'Only readers of data written under that name notice.',
    fix: 'keep an alias for as long as records written under the old name are retained',
  },
  AV006: {
    title: 'new subject',
    axis: ['WIRE'],
    level: 'info',
    what: 'The schema has no earlier version to compare with.',
    why: 'The first version of a subject is never checked; every later one is.',
    fix: 'nothing',
  },
  AV007: {
    title: 'schema removed',
    axis: ['SOURCE'],
    level: 'warn',
    what: 'A schema that the base has is gone.',
    why: 'Records written with it may still be in the topic, and readers of it can no longer be built.',
    fix: 'remove it only when nobody reads the topic any more',
  },
} as const satisfies Record<string, Rule>
