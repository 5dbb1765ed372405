/** As much of JSON Schema as the published schema of the report uses; anything else in a schema is refused. */
type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
type Schema = { readonly [key: string]: Json }

const isObject = (value: unknown): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const typeOf = (value: Json): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

const keywords: Readonly<Record<string, (wants: Json, value: Json, root: Schema, at: string) => readonly string[]>> = {
  $ref: (wants, value, root, at) =>
    faults((root.$defs as Record<string, Schema>)[String(wants).slice('#/$defs/'.length)]!, value, root, at),
  type: (wants, value, _, at) => (typeOf(value) === wants ? [] : [`${at} is no ${wants}`]),
  const: (wants, value, _, at) => (value === wants ? [] : [`${at} is not ${wants}`]),
  enum: (wants, value, _, at) => ((wants as Json[]).includes(value) ? [] : [`${at} is none of ${wants}`]),
  pattern: (wants, value, _, at) =>
    new RegExp(String(wants)).test(String(value)) ? [] : [`${at} does not match ${wants}`],
  minimum: (wants, value, _, at) => (Number(value) >= Number(wants) ? [] : [`${at} is below ${wants}`]),
  minItems: (wants, value, _, at) => ((value as Json[]).length >= Number(wants) ? [] : [`${at} has too few items`]),
  required: (wants, value, _, at) =>
    (wants as string[]).flatMap(key => (isObject(value) && Object.hasOwn(value, key) ? [] : [`${at} lacks ${key}`])),
  properties: (wants, value, root, at) =>
    Object.entries(isObject(value) ? value : {}).flatMap(([key, member]) => {
      const schema = (wants as Record<string, Schema>)[key]
      return schema === undefined ? [`${at}.${key} is not described`] : faults(schema, member, root, `${at}.${key}`)
    }),
  items: (wants, value, root, at) =>
    (Array.isArray(value) ? value : []).flatMap((item, index) =>
      faults(wants as Schema, item, root, `${at}[${index}]`),
    ),
}
const silent = new Set(['$schema', '$id', '$defs', 'title', 'description'])

/** What of a value does not fit a schema. */
export const faults = (schema: Schema, value: Json, root: Schema = schema, at = 'report'): readonly string[] =>
  Object.entries(schema).flatMap(([keyword, wants]) => {
    if (silent.has(keyword)) return []
    const check = keywords[keyword]
    return check === undefined ? [`the schema uses ${keyword}`] : check(wants, value, root, at)
  })
