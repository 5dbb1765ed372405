import type { StoreFacts } from '../graph/graph.ts'
import { lookedUp, reply } from '../operators/lookup/answer.ts'
import { ask } from '../operators/lookup/ask.ts'
import { answerFormat, questionFormat } from '../operators/lookup/messages.ts'
import { registry } from '../operators/lookup/registry.ts'
import { asKey } from '../wrapped.ts'
import { attach, type Place } from './drawing.ts'
import type { AnyFormat, AnyFunction, Handle } from './handle.ts'
import { storeFacts } from './store-facts.ts'
import type { StoreOptions } from './stream.ts'

export interface LookupOptions extends StoreOptions {
  readonly key: AnyFunction
  readonly with: AnyFunction
  readonly as: AnyFormat
  readonly kind?: 'inner' | 'left'
}

/** Draws what it takes for rows to find the rows of another table that they refer to: questions go there, answers come back. */
export const lookup = (
  left: Handle,
  name: string,
  right: Handle,
  how: LookupOptions,
): { place: Place; store: StoreFacts } => {
  const kind = how.kind ?? 'inner'
  const questions = { name: `${name}-questions`, key: right.key, value: questionFormat(left.key) }
  const answers = { name: `${name}-answers`, key: left.key, value: answerFormat(right.value!) }
  const subscribers = storeFacts(`${name}-subscribers`, 'subscribers', right.key, asKey(left.key), how)
  const store = storeFacts(name, 'lookup', left.key, how.as, how)
  const asked = attach(ask(questions, kind, how.key), [left.place], name)
  const registered = attach(registry(subscribers), [asked, right.place], name)
  const replied = attach(reply(answers), [registered], name)
  const place = attach(lookedUp(store, kind, how.key, questions.name, how.with), [replied, left.place], name)
  return { place, store }
}
