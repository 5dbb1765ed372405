// The public door of schemas/: typed topics, their bytes, and what generates them.
export * from './codec/index.ts'
export { type GeneratedFile, type GenerateOptions, generate } from './generate/generate.ts'
