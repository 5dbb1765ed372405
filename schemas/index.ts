// The public door of schemas/: typed topics, their bytes, and what generates them.

export { type CompatibilityMode, checkCompatibility } from './avro/compat.ts'
export { SchemaError } from './avro/error.ts'
export { parseAll, parseSchema } from './avro/parse.ts'
export type { Schema } from './avro/schema.ts'
export { schemaText } from './avro/write.ts'
export * from './codec/index.ts'
export { type GeneratedFile, type GenerateOptions, generate } from './generate/generate.ts'
export type { Deployment } from './review/deployment.ts'
export type { Finding } from './review/finding.ts'
export type { Report } from './review/report.ts'
export { type ReviewInput, review } from './review/review.ts'
