import { reachable, type Schema } from '../avro/schema.ts'
import { compile } from '../codec/compile.ts'
import { type AvscFault, twiceNamed } from './avsc-fault.ts'

/** Types that the parser takes more defaults for than the codec. */
const isChecked = ({ type, logicalType }: Schema): boolean =>
  type === 'enum' || logicalType?.name === 'decimal' || logicalType?.name === 'uuid'

/**
 * Why our codec cannot open a schema that parses, or undefined when it can: a default that is no value of its logical
 * type, such as a decimal with too many digits, or what only Java reads.
 */
export const franzFault = (schema: Schema): AvscFault | undefined => {
  const all = reachable(schema)
  const twice = twiceNamed(all)
  if (twice !== undefined) return twice
  const fields = all.flatMap(each => (each.type === 'record' ? each.fields : []))
  const field = fields.find(({ type, default: fallback }) => fallback !== undefined && reachable(type).some(isChecked))
  if (field === undefined) return undefined
  try {
    compile(schema, 'bigint')
    return undefined
  } catch (error) {
    return { message: error instanceof Error ? error.message : String(error), at: field.default ?? field, field }
  }
}
