import { keywordLabel, type Label, type LabelQuestion } from '../../pipelines/desk/label.ts'
import { issueTracking } from '../../pipelines/desk/taxonomy/issue-tracking.ts'
import { modelOf } from '../../runners/cli/desk/bindings.ts'
import { modelLabeller } from '../../runners/cli/desk/labeller.ts'
import { deskSettings } from '../../runners/cli/desk/settings.ts'
import { golden } from './golden.ts'
import { later } from './later.ts'
import { measured, qualityText } from './measure.ts'

// Prints how good labels are: those of the keywords, and those of the model that the environment names, if it names one.

const sets = [
  ['tickets that the rules were made with', golden.filter(({ heldOut }) => !heldOut)],
  ['tickets that were held out', golden.filter(({ heldOut }) => heldOut)],
  ['tickets that were written after the rules', later],
] as const

const print = async (name: string, label: (question: LabelQuestion) => Promise<Label> | Label): Promise<void> => {
  for (const [set, tickets] of sets) console.log(`${qualityText(`${name}, ${set}`, await measured(tickets, label))}\n`)
}

await print('keywords', question => keywordLabel(issueTracking, question))
const { model } = deskSettings(process.env)
if (model === undefined)
  console.log('No model is set: OLLAMA_MODEL, OPENAI_API_KEY, ANTHROPIC_API_KEY or GEMINI_API_KEY names one.')
else {
  const { answer } = modelLabeller(modelOf(model), issueTracking)
  const attempt = () => ({ number: 1, idempotencyKey: 'labels', signal: new AbortController().signal })
  await print(`${model.model} on ${model.server}`, question => answer(question as never, attempt()) as Promise<Label>)
}
