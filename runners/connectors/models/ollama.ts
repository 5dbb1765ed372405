import { Ollama } from 'ollama'
import { guardedFetch, ModelRefused } from './guarded-fetch.ts'
import { limitsDefault, type Model, type ModelLimits } from './model.ts'

export interface OllamaOptions {
  /** `http://127.0.0.1:11434` unless told. */
  readonly url?: string | undefined
  readonly model: string
  readonly temperature?: number | undefined
  readonly limits?: Partial<ModelLimits> | undefined
}

const urlDefault = 'http://127.0.0.1:11434'

/**
 * A model on an Ollama server. The answer is streamed, so that a model that has gone quiet is noticed.
 * @example const model = ollamaModel({ model: 'llama3.1' })
 */
export const ollamaModel = (options: OllamaOptions): Model => {
  const { url = urlDefault, model, temperature = 0 } = options
  const limits = { ...limitsDefault, ...options.limits }
  return {
    name: `ollama ${model} ${temperature}`,
    says: `${model} on Ollama at ${url}`,
    async ask({ system, turns, schema, signal }) {
      const client = new Ollama({ host: url, fetch: guardedFetch(limits, signal) })
      const asked = {
        model,
        messages: [
          { role: 'system', content: system },
          ...turns.map(({ from, text }) => ({ role: from === 'user' ? 'user' : 'assistant', content: text })),
        ],
        format: schema,
        stream: true as const,
        options: { temperature, num_predict: limits.tokensMax },
        logprobs: true,
      }
      const pieces = await client.chat(asked).catch(error => {
        throw error instanceof ModelRefused && error.status === 404 ? notPulled(model, url) : error
      })
      let text = ''
      const tokens: { text: string; logprob: number }[] = []
      for await (const piece of pieces) {
        text += piece.message?.content ?? ''
        for (const { token, logprob } of piece.logprobs ?? []) tokens.push({ text: token, logprob })
      }
      return { text, tokens: tokens.length === 0 ? undefined : tokens }
    },
  }
}

const notPulled = (model: string, url: string): Error =>
  Object.assign(new Error(`Ollama at ${url} does not have the model ${model}. To fix: npx franz pull-model`), {
    retry: false,
  })

/** Has the server fetch a model, which takes minutes; tells how far it has come. */
export const pullOllamaModel = async (
  { url = urlDefault, model }: OllamaOptions,
  progress: (doneBytes: number, allBytes: number) => void,
): Promise<void> => {
  for await (const { completed, total } of await new Ollama({ host: url }).pull({ model, stream: true }))
    if (total) progress(completed ?? 0, total)
}
