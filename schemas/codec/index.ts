// What typed topics need of the codec, by the names that generated files use.
export type { Format } from '../../topology/index.ts'
export { type AvroOptions, avro } from './avro.ts'
export { CodecError } from './error.ts'
export { defaultLimits, type Limits } from './limits.ts'
export { orJson } from './or-json.ts'
export type { LongMode } from './shape.ts'
export type { SubjectNaming } from './subject.ts'
export type { Decimal, Uuid } from './texts.ts'
