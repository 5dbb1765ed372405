import type { Rule } from './rule.ts'

/** Avro allows it, but programs on Node see it differently. */
export const nodeRules = {
  AV201: {
    title: 'namespace moved',
    axis: ['NODE'],
    level: 'warn',
    what: 'A named type has the same short name in another namespace.',
    why: 'Java compares short names. The npm package avsc compares full names unless it is told to ignore namespaces, and then refuses every record. Our codec ignores them.',
    fix: 'keep the namespace, or list the old full name as an alias',
  },
  AV202: {
    title: 'default of a union is not of its first branch',
    axis: ['NODE'],
    level: 'warn',
    what: 'A field of a union type has a default that belongs to a later branch.',
    why: 'Avro 1.12 allows it. Avro up to 1.11 and the npm package avsc do not even parse the schema. Our codec does.',
    fix: 'put the branch of the default first',
  },
  AV203: {
    title: 'ambiguous alias',
    axis: ['WIRE', 'NODE'],
    level: 'error',
    what: 'A field may take its value from several fields of the writer: by its name and by an alias.',
    why: 'Which one is meant is undefined. Java throws in the middle of its check, Node refuses all records, Python takes one silently.',
    fix: 'remove the alias, or the field it names',
  },
  AV204: {
    title: 'values of a union change their form in JavaScript',
    axis: ['NODE', 'SOURCE'],
    level: 'warn',
    what: 'Two branches of a union look alike in JavaScript now, or no longer do.',
    why: 'Where branches look alike, values stand as { type, value }; elsewhere they stand bare. Code that reads or writes the field must follow.',
    fix: 'change the code together with the schema, or choose branches that differ',
  },
  AV205: {
    title: 'long beyond the safe range',
    axis: ['NODE'],
    level: 'warn',
    what: 'A long may hold, or has as its default, a number that JavaScript numbers do not hold exactly.',
    why: 'Above 2^53 a number loses digits. Our codec reads a long as a bigint unless told otherwise; with numbers it refuses such values.',
    fix: 'read longs as bigint, or keep the values below 2^53',
  },
  AV206: {
    title: 'all records refused, not some',
    axis: ['NODE'],
    level: 'error',
    what: 'By Avro only the records that use the changed part fail. On Node every record of the other schema does.',
    why: 'Java finds a mismatch when the data reaches it. On Node both schemas are compared as soon as the first record comes, and the answer holds for all.',
    fix: 'deploy the readers before the writers, so that no reader ever meets a schema it cannot resolve',
  },
} as const satisfies Record<string, Rule>
