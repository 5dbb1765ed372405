import { guardedFetch } from './guarded-fetch.ts'
import { type Asked, limitsDefault, type Model, type ModelAnswer, type ModelLimits } from './model.ts'

export interface HttpModelOptions {
  readonly url?: string | undefined
  readonly model: string
  /** Sent with each request, and told to nobody else. */
  readonly key?: string | undefined
  readonly temperature?: number | undefined
  readonly limits?: Partial<ModelLimits> | undefined
}

/** How one kind of server is asked, and where its answer stands. */
interface Dialect {
  readonly server: string
  readonly urlDefault: string
  path(model: string): string
  headers(key: string | undefined): Readonly<Record<string, string>>
  body(asked: Asked, how: { readonly model: string; readonly temperature: number; readonly tokensMax: number }): object
  answer(json: unknown): ModelAnswer | undefined
}

const modelOf =
  (dialect: Dialect) =>
  (options: HttpModelOptions): Model => {
    const { url = dialect.urlDefault, model, key, temperature = 0 } = options
    const limits = { ...limitsDefault, ...options.limits }
    return {
      name: `${dialect.server} ${model} ${temperature}`,
      says: `${model} on ${dialect.server} at ${url}`,
      async ask(asked) {
        const response = await guardedFetch(limits, asked.signal)(`${url.replace(/\/$/, '')}${dialect.path(model)}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...dialect.headers(key) },
          body: JSON.stringify(dialect.body(asked, { model, temperature, tokensMax: limits.tokensMax })),
        })
        const answer = dialect.answer(await response.json())
        if (answer === undefined) throw new Error(`the answer of ${dialect.server} has no text`)
        return answer
      },
    }
  }

/** Goes down into JSON that nobody has checked. */
const at = (json: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>(
    (found, step) => (found as Readonly<Record<string | number, unknown>> | null | undefined)?.[step],
    json,
  )

const textAt = (json: unknown, ...path: readonly (string | number)[]): ModelAnswer | undefined => {
  const text = at(json, ...path)
  return typeof text === 'string' ? { text } : undefined
}

/** OpenAI, and the many servers that speak as it does. */
export const openaiModel = modelOf({
  server: 'openai',
  urlDefault: 'https://api.openai.com/v1',
  path: () => '/chat/completions',
  headers: key => (key === undefined ? {} : { authorization: `Bearer ${key}` }),
  body: ({ system, turns, schema }, { model, temperature, tokensMax }) => ({
    ...{ model, temperature, max_tokens: tokensMax, logprobs: true },
    messages: [
      { role: 'system', content: system },
      ...turns.map(({ from, text }) => ({ role: from === 'user' ? 'user' : 'assistant', content: text })),
    ],
    response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } },
  }),
  answer(json) {
    const answer = textAt(json, 'choices', 0, 'message', 'content')
    const tokens = at(json, 'choices', 0, 'logprobs', 'content')
    if (answer === undefined || !Array.isArray(tokens)) return answer
    return {
      ...answer,
      tokens: tokens.map(({ token, logprob }) => ({ text: String(token), logprob: Number(logprob) })),
    }
  },
})

export const anthropicModel = modelOf({
  server: 'anthropic',
  urlDefault: 'https://api.anthropic.com/v1',
  path: () => '/messages',
  headers: key => ({ 'anthropic-version': '2023-06-01', ...(key !== undefined && { 'x-api-key': key }) }),
  body: ({ system, turns, schema }, { model, temperature, tokensMax }) => ({
    ...{ model, temperature, system, max_tokens: tokensMax },
    messages: turns.map(({ from, text }) => ({ role: from === 'user' ? 'user' : 'assistant', content: text })),
    // A tool that must be used is how it is held to a shape; the tool itself does nothing.
    tools: [{ name: 'answer', description: 'Gives the answer.', input_schema: schema }],
    tool_choice: { type: 'tool', name: 'answer' },
  }),
  answer(json) {
    const content = at(json, 'content')
    const blocks = Array.isArray(content) ? (content as readonly unknown[]) : []
    const input = at(
      blocks.find(block => at(block, 'type') === 'tool_use'),
      'input',
    )
    return input === undefined ? textAt(blocks, 0, 'text') : { text: JSON.stringify(input) }
  },
})

export const geminiModel = modelOf({
  server: 'gemini',
  urlDefault: 'https://generativelanguage.googleapis.com/v1beta',
  path: model => `/models/${encodeURIComponent(model)}:generateContent`,
  headers: key => (key === undefined ? {} : { 'x-goog-api-key': key }),
  body: ({ system, turns, schema }, { temperature, tokensMax }) => ({
    systemInstruction: { parts: [{ text: system }] },
    contents: turns.map(({ from, text }) => ({ role: from, parts: [{ text }] })),
    generationConfig: {
      ...{ temperature, maxOutputTokens: tokensMax },
      ...{ responseMimeType: 'application/json', responseJsonSchema: schema },
    },
  }),
  answer: json => textAt(json, 'candidates', 0, 'content', 'parts', 0, 'text'),
})
