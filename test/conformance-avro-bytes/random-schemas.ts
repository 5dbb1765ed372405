import { parseSchema } from '../../schemas/avro/parse.ts'
import type { Schema } from '../../schemas/avro/schema.ts'
import { compile } from '../../schemas/codec/compile.ts'
import { type Chance, chance } from '../conformance-avro/random.ts'
import { type Loose, SchemaMaker } from '../conformance-avro/random-schema.ts'
import { Endless, ValueMaker } from './random-values.ts'

const logical: readonly Loose[] = [
  { type: 'int', logicalType: 'date' },
  { type: 'int', logicalType: 'time-millis' },
  { type: 'long', logicalType: 'time-micros' },
  { type: 'long', logicalType: 'timestamp-millis' },
  { type: 'long', logicalType: 'timestamp-micros' },
  { type: 'long', logicalType: 'local-timestamp-millis' },
  { type: 'long', logicalType: 'local-timestamp-micros' },
  { type: 'string', logicalType: 'uuid' },
  { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 },
  { type: 'bytes', logicalType: 'decimal', precision: 38, scale: 10 },
  { type: 'bytes', logicalType: 'decimal', precision: 1 },
]

/** As the maker of schemas for the compatibility check, with every logical type, and decimals in fixeds. */
class TypedSchemaMaker extends SchemaMaker {
  override primitive(): Loose {
    return this.chance.often(0.3) ? structuredClone(this.chance.pick(logical)) : super.primitive()
  }

  override fixed(space: string): Loose {
    const made = super.fixed(space)
    const isDecimal = made.type === 'fixed' && made.size === 16 && this.chance.often(0.5)
    return isDecimal ? Object.assign(made, { logicalType: 'decimal', precision: 30, scale: 5 }) : made
  }
}

export interface RandomSchema {
  readonly text: string
  readonly schema: Schema
  /** Makes values of the schema, and goes on from where it was. */
  readonly chance: Chance
}

const made = (seed: number): RandomSchema | undefined => {
  const source = chance(seed)
  const maker = new TypedSchemaMaker(source)
  const text = JSON.stringify(source.often(0.8) ? maker.record(5, '') : maker.schema(5))
  try {
    const schema = parseSchema(text)
    compile(schema, 'bigint')
    for (let turn = 0; turn < 5; turn++) new ValueMaker(source).of(schema)
    return { text, schema, chance: source }
  } catch (error) {
    // A default that is none of its logical type, or a record that contains itself: Java takes both.
    if (error instanceof Endless || error instanceof Error) return undefined
    throw error
  }
}

const charsMax = 12_000

/** So many schemas that can be opened and have values, the same ones for the same seed. */
export const randomSchemas = (seed: number, count: number): readonly RandomSchema[] => {
  const schemas: RandomSchema[] = []
  for (let turn = 0; schemas.length < count; turn++) {
    const schema = made(seed + turn)
    if (schema !== undefined && schema.text.length > 40 && schema.text.length < charsMax) schemas.push(schema)
  }
  return schemas
}
