export { anthropicModel, geminiModel, type HttpModelOptions, openaiModel } from './http.ts'
export type { Asked, Model, ModelAnswer, ModelLimits, Tokens } from './model.ts'
export { type OllamaOptions, ollamaModel } from './ollama.ts'
