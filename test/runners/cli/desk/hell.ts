import { setTimeout as pause } from 'node:timers/promises'
import type { ModelLimits } from '../../../../runners/connectors/models/index.ts'
import { type Behaviour, ollamaAnswer } from '../../../doubles/model.ts'

export const right = { category: 'BACK', priority: 'HIGH', type: 'BUG', department: 'IT Support', confidence: 0.8 }
export const limits: Partial<ModelLimits> = { totalMs: 1_500, firstMs: 400, idleMs: 300, answerBytesMax: 100_000 }

export const ndjson = { 'content-type': 'application/x-ndjson' }
const piece = (content: string) => `${JSON.stringify({ message: { role: 'assistant', content }, done: false })}\n`

/** What a model can do to whoever asks it. */
export const hell: Readonly<Record<string, readonly [behave: Behaviour, says: RegExp, requests: number]>> = {
  'never answers': [() => {}, /no answer within 0.4 s/, 1],
  'drips a letter at a time, for ever': [
    async (_, response) => {
      response.writeHead(200, ndjson)
      while (!response.destroyed) {
        response.write(piece('x'))
        await pause(50)
      }
    },
    /no whole answer within 1.5 s/,
    1,
  ],
  'goes quiet in the middle': [
    (_, response) => void response.writeHead(200, ndjson).write(piece('{"category"')),
    /broke off for 0.3 s/,
    1,
  ],
  'answers 500': [(_, response) => void response.writeHead(500).end('out of memory'), /answers 500: out of memory/, 1],
  'answers 404, as for a model that was not pulled': [
    (_, response) => void response.writeHead(404).end('{"error":"model not found"}'),
    /does not have the model m. To fix: npx franz pull-model/,
    1,
  ],
  'answers nothing': [(_, response) => ollamaAnswer(response, ''), /no JSON object/, 2],
  'answers prose': [(_, response) => ollamaAnswer(response, 'Sure! The label is BACK.'), /no JSON object/, 2],
  'answers a name that is none': [
    (_, response) => ollamaAnswer(response, JSON.stringify({ ...right, priority: 'SUPER' })),
    /"priority" must be one of CRITICAL, HIGH, MEDIUM, LOW, NULL, not "SUPER"/,
    2,
  ],
  'answers a list': [(_, response) => ollamaAnswer(response, '[]'), /no JSON object/, 2],
  'answers 10 MB': [
    (_, response) => void response.writeHead(200, ndjson).end('x'.repeat(10_000_000)),
    /longer than 100000 bytes/,
    1,
  ],
  'answers white space without end': [
    async (_, response) => {
      response.writeHead(200, ndjson)
      while (!response.destroyed) {
        response.write(piece(' '.repeat(2_000)))
        await pause(1)
      }
    },
    /longer than 100000 bytes|no whole answer/,
    1,
  ],
  'closes half way': [
    (_, response) => {
      response.writeHead(200, ndjson).write(piece('{"cat'))
      setTimeout(() => response.destroy(), 20)
    },
    /./,
    1,
  ],
}
