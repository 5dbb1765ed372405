export { anthropicModel, geminiModel, type HttpModelOptions, openaiModel } from './http.ts'
export type { Asked, Model, ModelAnswer, ModelLimits, Tokens } from './model.ts'
export { type OllamaOptions, ollamaModel, pullOllamaModel } from './ollama.ts'
