import type { ConfidenceSource, LabelSource } from '../../schemas/desk/generated/desk.ts'
import { call, json } from '../../topology/index.ts'
import { keywordLabels } from './taxonomy/keywords.ts'
import { type Taxonomy, unlabelled } from './taxonomy/taxonomy.ts'

/** What is asked about a ticket: what was written, and nothing that says who wrote it. */
export interface LabelQuestion {
  readonly subject: string
  readonly body: string
}

/** The labels of a ticket, and what they rest on. */
export interface Label {
  readonly category: string
  readonly priority: string
  readonly type: string
  readonly department: string | null
  /** From 0 to 1; null where there is none. */
  readonly confidence: number | null
  readonly confidenceSource: ConfidenceSource
  readonly labelSource: LabelSource
  readonly model: string | null
  readonly promptVersion: string | null
  readonly answer: string | null
  readonly reviewReason: string | null
}

/** The call behind `enrich('label')`: the runner binds a model to it, or the keyword rules. */
export const labeller = call({ question: json<LabelQuestion>('LabelQuestion'), answer: json<Label>('Label') })

const fromNobody: Label = {
  category: unlabelled,
  priority: unlabelled,
  type: unlabelled,
  department: null,
  confidence: null,
  confidenceSource: 'None',
  labelSource: 'Nobody',
  model: null,
  promptVersion: null,
  answer: null,
  reviewReason: null,
}

/** Labels of a ticket that nobody may label but a person. */
export const forReview = (reviewReason: string): Label => ({ ...fromNobody, reviewReason })

/** Labels by the words that were found; `because` says why no model was heard, where one should have been. */
export const keywordLabel = (taxonomy: Taxonomy, { subject, body }: LabelQuestion, because?: string): Label => {
  const { confidence, silent, ...chosen } = keywordLabels(taxonomy, `${subject}\n${body}`)
  const unsure = silent.filter(field => field !== 'department')
  const reasons = [
    ...(because === undefined ? [] : [because]),
    ...(unsure.length === 0 ? [] : [`no keyword speaks for its ${unsure.join(' or ')}`]),
  ]
  return {
    ...fromNobody,
    ...chosen,
    confidence,
    confidenceSource: confidence === null ? 'None' : 'Keywords',
    labelSource: unsure.length === 3 ? 'Nobody' : 'Keywords',
    reviewReason: reasons.length === 0 ? null : reasons.join('; '),
  }
}
