// What tickets are sorted into. It is configuration: a team takes one of the profiles beside this file or writes its own.

/** One label: its name, what it means (for the model), and words that speak for it (for whoever labels without a model). */
export interface LabelValue {
  readonly name: string
  readonly says: string
  /** Lower case. A star at an end stands for more letters: `server*`, `*rechnung`. Several words must follow each other. */
  readonly words: readonly string[]
}

/** One field of labels. Where as many words speak for two values, the one that stands first wins: put the graver one there. */
export interface LabelField {
  readonly values: readonly LabelValue[]
  /** Taken where no word speaks for any; without it the ticket stays `unlabelled` there. A person is told either way. */
  readonly otherwise?: string
}

export const fieldNames = ['category', 'priority', 'type', 'department'] as const
export type FieldName = (typeof fieldNames)[number]

export interface Taxonomy extends Readonly<Record<FieldName, LabelField>> {
  readonly name: string
}

/** Where nobody chose. */
export const unlabelled = 'unlabelled'

/** The value of a field by its name, however it is written; undefined where it is none. */
export const valueNamed = ({ values }: LabelField, name: string): string | undefined => {
  const wanted = name.trim().toLowerCase()
  return values.find(value => value.name.toLowerCase() === wanted)?.name
}
