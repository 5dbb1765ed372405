import { type FieldName, fieldNames, type LabelField, type Taxonomy, unlabelled } from './taxonomy.ts'

/** Labels without a model: what the words of a ticket speak for. */
export interface KeywordLabels extends Readonly<Record<FieldName, string>> {
  /** Of all words found that speak for a category, the share that speaks for the chosen one; null where none was found. */
  readonly confidence: number | null
  /** The fields that no word spoke for. */
  readonly silent: readonly FieldName[]
}

/** Longer texts are not read to their end: the beginning says what it is about. */
const textLettersMax = 20_000

/** Labels a text by the words of a taxonomy. Pure: the same text has the same labels. */
export const keywordLabels = (taxonomy: Taxonomy, text: string): KeywordLabels => {
  const words = spelled(text)
  const chosen = fieldNames.map(field => [field, choice(taxonomy[field], words)] as const)
  const [, category] = chosen[0]!
  return {
    ...(Object.fromEntries(chosen.map(([field, { name }]) => [field, name])) as Record<FieldName, string>),
    confidence: category.found === 0 ? null : category.hits / category.found,
    silent: chosen.flatMap(([field, { found }]) => (found === 0 ? [field] : [])),
  }
}

/** Lower case, words between single spaces, so that a word is found by its spaces. */
const spelled = (text: string): string =>
  ` ${text
    .slice(0, textLettersMax)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}-]+/gu, ' ')} `

const choice = ({ values, otherwise = unlabelled }: LabelField, text: string) => {
  let best = { name: otherwise, hits: 0 }
  let found = 0
  for (const { name, words } of values) {
    const hits = words.filter(word => text.includes(patternOf(word))).length
    found += hits
    if (hits > best.hits) best = { name, hits }
  }
  return { ...best, found }
}

/** A star lets go of the space at its side. */
const patternOf = (word: string): string => {
  const [head, tail] = [word.startsWith('*'), word.endsWith('*')]
  const bare = word.slice(head ? 1 : 0, tail ? -1 : undefined).replaceAll(/[^\p{L}\p{N}-]+/gu, ' ')
  return `${head ? '' : ' '}${bare}${tail ? '' : ' '}`
}
