import { createHash, randomBytes } from 'node:crypto'
import { keywordLabel, type Label, type LabelQuestion } from '../../../pipelines/desk/label.ts'
import {
  answerSchema,
  keptAnswer,
  measured,
  readAnswer,
  systemText,
  ticketText,
} from '../../../pipelines/desk/prompt.ts'
import type { Taxonomy } from '../../../pipelines/desk/taxonomy/taxonomy.ts'
import type { CallAttempt, VersionedCall } from '../../../topology/index.ts'
import type { Model, ModelAnswer } from '../../connectors/models/index.ts'

/** A wrong answer is told to the model, once. */
const answersMax = 2

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12)

/** An answer that will be as wrong the next time. */
class Unusable extends Error {
  override readonly name = 'Unusable'
  readonly retry = false
}

/** Labels by a model. Other prompts, models and taxonomies are other versions: their answers are not mixed up. */
export const modelLabeller = (model: Model, taxonomy: Taxonomy): VersionedCall => {
  const system = systemText(taxonomy)
  const schema = answerSchema(taxonomy)
  const promptVersion = shortHash(JSON.stringify([system, schema]))
  const labelOf = (answer: ModelAnswer): Label | string => {
    const read = readAnswer(taxonomy, answer.text)
    if ('problem' in read) return read.problem
    const sure = answer.tokens === undefined ? null : measured(answer.tokens, 'category')
    const confidence = sure ?? read.confidence
    return {
      ...read.labels,
      confidence,
      confidenceSource: sure !== null ? 'Measured' : confidence === null ? 'None' : 'SelfReported',
      labelSource: 'Model',
      model: model.name,
      promptVersion,
      answer: keptAnswer(answer.text),
      reviewReason: null,
    }
  }
  return {
    version: `${model.name} ${promptVersion}`,
    async answer(question: LabelQuestion, { signal }: CallAttempt): Promise<Label> {
      const text = ticketText(question, `=== ${randomBytes(9).toString('base64url')} ===`)
      const turns: { from: 'user' | 'model'; text: string }[] = [{ from: 'user', text }]
      let problem = ''
      for (let answers = 0; answers < answersMax; answers++) {
        const answer = await model.ask({ system, turns, schema, signal: signal as AbortSignal })
        const label = labelOf(answer)
        if (typeof label !== 'string') return label
        problem = label
        turns.push({ from: 'model', text: keptAnswer(answer.text) }, { from: 'user', text: `${label}. Answer again.` })
      }
      throw new Unusable(problem)
    },
  }
}

/** Labels where there is no model: the call is answered at once, by the keywords of the taxonomy. */
export const keywordLabeller = (taxonomy: Taxonomy): VersionedCall => ({
  version: `keywords ${shortHash(JSON.stringify(taxonomy))}`,
  answer: (question: LabelQuestion): Label => keywordLabel(taxonomy, question),
})
