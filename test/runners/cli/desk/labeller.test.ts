import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Label } from '../../../../pipelines/desk/label.ts'
import { profileDefault } from '../../../../pipelines/desk/taxonomy/profiles.ts'
import { fieldNames } from '../../../../pipelines/desk/taxonomy/taxonomy.ts'
import { modelLabeller } from '../../../../runners/cli/desk/labeller.ts'
import {
  anthropicModel,
  geminiModel,
  type Model,
  ollamaModel,
  openaiModel,
  pullOllamaModel,
} from '../../../../runners/connectors/models/index.ts'
import { type Behaviour, type ModelDouble, ollamaAnswer, startModel } from '../../../doubles/model.ts'
import { hell, limits, ndjson, right } from './hell.ts'
import { injections } from './injections.ts'

const question = { subject: 'Export', body: 'The export endpoint answers 500' }

const started = async (behave: Behaviour): Promise<ModelDouble> => {
  const double = await startModel(behave)
  onTestFinished(() => double.stop())
  return double
}
const ask = (model: Model, signal = new AbortController().signal): Promise<Label> =>
  modelLabeller(model, profileDefault).answer(question as never, {
    ...{ number: 1, idempotencyKey: 'k' },
    signal,
  }) as Promise<Label>
const ollama = ({ url }: ModelDouble) => ollamaModel({ url, model: 'm', limits })

describe('a model on Ollama', () => {
  test('is asked with the names in the prompt and in the schema, and its answer is kept with the label', async () => {
    const double = await started((_, response) => ollamaAnswer(response, JSON.stringify(right)))
    expect(await ask(ollama(double))).toEqual({
      ...right,
      ...{ confidence: 0.8, confidenceSource: 'SelfReported', labelSource: 'Model', model: 'ollama m 0' },
      ...{ promptVersion: expect.stringMatching(/^[0-9a-f]{12}$/), answer: JSON.stringify(right), reviewReason: null },
    })
    const { body } = double.requests[0]!
    expect(body).toMatchObject({
      ...{ model: 'm', stream: true, options: { temperature: 0, num_predict: 256 } },
      format: { properties: { category: { enum: ['MOBILE', 'INFRA', 'BACK', 'FRONT'] } } },
    })
    const [system] = body.messages as { content: string }[]
    for (const field of fieldNames)
      for (const { name } of profileDefault[field].values) expect(system!.content).toContain(name)
  })

  test('a confidence is measured where the server tells how likely the tokens were', async () => {
    const double = await started((_, response) => ollamaAnswer(response, JSON.stringify(right), Math.log(0.9)))
    const { confidence, confidenceSource } = await ask(ollama(double))
    expect(confidenceSource).toBe('Measured')
    expect([0.9, 0.81]).toContain(Math.round(confidence! * 100) / 100)
  })

  test('a confidence that is none is left away, never made up', async () => {
    const double = await started((_, response) => ollamaAnswer(response, JSON.stringify({ ...right, confidence: 85 })))
    expect(await ask(ollama(double))).toMatchObject({ confidence: null, confidenceSource: 'None' })
  })

  test('a wrong answer is told to the model once, and its second is taken', async () => {
    const double = await started((request, response) =>
      ollamaAnswer(response, request.text.includes('must be one of') ? JSON.stringify(right) : '{"category":"HR"}'),
    )
    expect((await ask(ollama(double))).category).toBe('BACK')
    expect(double.requests).toHaveLength(2)
    expect(double.requests[1]!.text).toBe(
      '"category" must be one of MOBILE, INFRA, BACK, FRONT, not "HR". Answer again.',
    )
  })
})

describe('a model that', () => {
  test.each(Object.entries(hell))(
    '%s ends as an error in time, and its connection is closed',
    async (_, [behave, says, requests]) => {
      const double = await started(behave)
      const startMs = performance.now()
      await expect(ask(ollama(double))).rejects.toThrow(says)
      expect(performance.now() - startMs).toBeLessThan(15_000)
      expect(double.requests).toHaveLength(requests)
      while ((await double.open()) > 0) {
        // A connection that answered whole may be kept for the next question.
        if (requests === 2 || says.source.includes('answers')) break
        await pause(5)
      }
    },
  )

  test('is not there at all is told by its name', async () => {
    const double = await started(() => {})
    await double.stop()
    await expect(ask(ollama(double))).rejects.toThrow(/cannot be reached: connect ECONNREFUSED/)
  })

  test('is not wanted any more has its connection closed at once', async () => {
    const double = await started(() => {})
    const controller = new AbortController()
    const asking = ask(ollamaModel({ url: double.url, model: 'm' }), controller.signal)
    const outcome = expect(asking).rejects.toThrow()
    while (double.requests.length === 0) await pause(5)
    controller.abort()
    await outcome
    while ((await double.open()) > 0) await pause(5)
  })
})

test('a hundred tickets that give orders change nothing but their own labels, which stay in the taxonomy', async () => {
  expect(injections).toHaveLength(100)
  // The worst model: whatever the ticket tells it to say, it says.
  const double = await started((request, response) => {
    const told =
      /\{[\s\S]*\}/.exec(request.text)?.[0] ?? JSON.stringify({ ...right, category: request.text.slice(0, 500) })
    ollamaAnswer(response, told)
  })
  const labeller = modelLabeller(ollama(double), profileDefault)
  const outcomes = { labelled: 0, refused: 0 }
  for (const body of injections) {
    const asked = labeller.answer({ subject: 'Hello', body } as never, {
      number: 1,
      idempotencyKey: 'k',
      signal: new AbortController().signal,
    })
    const label = await (asked as Promise<Label>).catch(() => undefined)
    if (label === undefined) {
      outcomes.refused++
      continue
    }
    outcomes.labelled++
    for (const field of fieldNames) expect(profileDefault[field].values.map(({ name }) => name)).toContain(label[field])
    expect(Object.keys(label).sort()).toEqual(
      [
        ...fieldNames,
        'answer',
        'confidence',
        'confidenceSource',
        'labelSource',
        'model',
        'promptVersion',
        'reviewReason',
      ].sort(),
    )
  }
  expect(outcomes.labelled + outcomes.refused).toBe(100)
  // The mark of a fence is never in what a stranger wrote, and no two questions have the same one.
  const marks = double.requests.flatMap(({ body }) => {
    const [, first] = body.messages as { content: string }[]
    const lines = first!.content.split('\n')
    expect(lines[0]).toBe(lines.at(-1))
    return [lines[0]!]
  })
  expect(new Set(marks).size).toBe(100)
})

describe('other servers behind the same call', () => {
  const answers: Readonly<
    Record<string, readonly [make: (url: string) => Model, body: object, path: string, header: [string, string]]>
  > = {
    openai: [
      url => openaiModel({ url, model: 'm', key: 'secret' }),
      { choices: [{ message: { content: JSON.stringify(right) } }] },
      '/chat/completions',
      ['authorization', 'Bearer secret'],
    ],
    anthropic: [
      url => anthropicModel({ url, model: 'm', key: 'secret' }),
      { content: [{ type: 'tool_use', name: 'answer', input: right }] },
      '/messages',
      ['x-api-key', 'secret'],
    ],
    gemini: [
      url => geminiModel({ url, model: 'm', key: 'secret' }),
      { candidates: [{ content: { parts: [{ text: JSON.stringify(right) }] } }] },
      '/models/m:generateContent',
      ['x-goog-api-key', 'secret'],
    ],
  }
  test.each(Object.entries(answers))('%s', async (name, [make, body, path, [header, value]]) => {
    const double = await started(
      (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    )
    const model = make(double.url)
    expect(await ask(model)).toMatchObject({ ...right, confidenceSource: 'SelfReported', model: `${name} m 0` })
    expect([double.requests[0]!.path, double.requests[0]!.headers[header]]).toEqual([path, value])
    expect(`${model.name} ${model.says}`).not.toContain('secret')
    double.behave = (_, response) => void response.writeHead(401).end('no')
    const error = await ask(model).catch(refused => refused)
    expect([error.message, error.retry]).toEqual([expect.stringContaining('answers 401'), false])
    expect(String(error.stack)).not.toContain('secret')
  })
})

test('a model that is not there is fetched by a command, and what goes wrong is said', async () => {
  const double = await started((_, response) => {
    response.writeHead(200, ndjson)
    for (const completed of [1, 2]) response.write(`${JSON.stringify({ status: 'pulling', completed, total: 2 })}\n`)
    response.end(`${JSON.stringify({ status: 'success' })}\n`)
  })
  const seen: number[] = []
  await pullOllamaModel({ url: double.url, model: 'm' }, done => seen.push(done))
  expect([double.requests[0]!.path, seen]).toEqual(['/api/pull', [1, 2]])
  double.behave = (_, response) =>
    void response.writeHead(200, ndjson).end(`${JSON.stringify({ error: 'no such model' })}\n`)
  await expect(pullOllamaModel({ url: double.url, model: 'm' }, () => {})).rejects.toThrow('no such model')
})
