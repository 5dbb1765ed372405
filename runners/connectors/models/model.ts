/** What a model is asked, and in which shape it is to answer. */
export interface Asked {
  /** What it is to do. */
  readonly system: string
  /** What it is asked, and what was said since: the model's own answers and what was wrong with them. */
  readonly turns: readonly { readonly from: 'user' | 'model'; readonly text: string }[]
  /** A JSON Schema that the answer is to fit. Models and servers may ignore it. */
  readonly schema: object
  readonly signal: AbortSignal
}

/** Pieces of an answer, each with how likely the model held it. */
export type Tokens = readonly { readonly text: string; readonly logprob: number }[]

export interface ModelAnswer {
  readonly text: string
  /** Where the server tells it. */
  readonly tokens?: Tokens | undefined
}

/** A language model behind some server. */
export interface Model {
  /** Server and model, as `ollama llama3.1`: what its answers depend on. */
  readonly name: string
  /** Where it is, for people; without secrets. */
  readonly says: string
  ask(asked: Asked): Promise<ModelAnswer>
}

/** How long and how much, for every server alike. */
export interface ModelLimits {
  readonly totalMs: number
  /** Until the first byte of the answer. */
  readonly firstMs: number
  /** Between two pieces of it. */
  readonly idleMs: number
  readonly answerBytesMax: number
  readonly tokensMax: number
}

export const limitsDefault: ModelLimits = {
  totalMs: 60_000,
  firstMs: 20_000,
  idleMs: 10_000,
  answerBytesMax: 1_000_000,
  tokensMax: 256,
}
