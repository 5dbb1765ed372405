import { expect, test } from 'vitest'
import { type Codec, type Format, text } from '../../../../topology/index.ts'
import {
  type Answer,
  answerFormat,
  type Question,
  questionFormat,
} from '../../../../topology/operators/lookup/messages.ts'

const place = { topic: 't', part: 'value' } as const
const textual = text as Format<unknown, never>
const questions = questionFormat(textual).open(place, undefined) as Codec<Question>
const answers = answerFormat(textual).open(place, undefined) as Codec<Answer>

test('a question keeps who asks, what it wants and where it lives', () => {
  for (const wants of ['release', 'farewell', 'answer', 'match'] as const) {
    for (const key of ['', 'k', 'ü'.repeat(300)]) {
      const question = { key, wants, partition: 70_000 }
      expect(questions.decode(questions.encode(question))).toEqual(question)
    }
  }
})

test('an answer tells nothing from an empty key and from an empty value', () => {
  for (const foreign of [null, '', 'k', 'k'.repeat(1024)]) {
    for (const value of [null, '', 'v']) {
      expect(answers.decode(answers.encode({ foreign, value }))).toEqual({ foreign, value })
    }
  }
})

test('other bytes are refused in words', () => {
  for (const bytes of [[], [4, 0, 0, 0, 0], [1, 0, 0, 0]]) {
    expect(() => questions.decode(new Uint8Array(bytes))).toThrow('bytes are not a question of a lookup')
  }
  for (const bytes of [[], [4, 0, 0], [3, 0], [3, 0, 2, 97]]) {
    expect(() => answers.decode(new Uint8Array(bytes))).toThrow('bytes are not an answer of a lookup')
  }
})

test('a key inside a question is written as a key, a value inside an answer as a value, and what they need is fetched ahead', async () => {
  const parts: string[] = []
  const prepared: number[][] = []
  const asking: Format<string> = {
    name: 'asking',
    async open({ part }) {
      parts.push(part)
      const prepare = async (bytes: Uint8Array) => void prepared.push([...bytes])
      return {
        encode: value => new Uint8Array(value.length).fill(7),
        decode: bytes => 'x'.repeat(bytes.length),
        prepare,
      }
    },
  }
  const question = await questionFormat(asking as Format<unknown, never>).open(place, undefined)
  const answer = await answerFormat(asking as Format<unknown, never>).open(place, undefined)
  expect(parts).toEqual(['key', 'value'])
  await question.prepare!(question.encode({ key: 'xx', wants: 'match', partition: 1 } as never))
  await answer.prepare!(answer.encode({ foreign: 'a', value: 'xxx' } as never))
  expect(answer.prepare!(answer.encode({ foreign: 'a', value: null } as never))).toBeUndefined()
  expect(prepared).toEqual([
    [7, 7],
    [7, 7, 7],
  ])
})
