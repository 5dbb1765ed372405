import type { Label, LabelQuestion } from '../../pipelines/desk/label.ts'
import type { GoldenTicket } from './golden.ts'

const fields = ['category', 'priority', 'type'] as const
type Field = (typeof fields)[number]

/** How often the labels of one field are right, and for each class, how much of it is found. */
export interface FieldQuality {
  readonly field: Field
  readonly accuracy: number
  readonly recall: ReadonlyMap<string, { readonly found: number; readonly of: number }>
}

export interface Quality {
  readonly tickets: number
  /** Tickets that got no labels at all. */
  readonly failed: number
  readonly fields: readonly FieldQuality[]
}

/** Labels every ticket and compares with what people chose. */
export const measured = async (
  tickets: readonly GoldenTicket[],
  label: (question: LabelQuestion) => Promise<Label> | Label,
): Promise<Quality> => {
  const pairs: { readonly golden: GoldenTicket; readonly label: Label | undefined }[] = []
  for (const golden of tickets) {
    const { subject, body } = golden
    const got = await Promise.resolve(label({ subject, body })).catch(() => undefined)
    pairs.push({ golden, label: got })
  }
  return {
    tickets: pairs.length,
    failed: pairs.filter(pair => pair.label === undefined).length,
    fields: fields.map(field => {
      const recall = new Map<string, { found: number; of: number }>()
      for (const { golden, label: got } of pairs) {
        const count = recall.get(golden[field]) ?? { found: 0, of: 0 }
        count.of++
        if (got?.[field] === golden[field]) count.found++
        recall.set(golden[field], count)
      }
      const right = [...recall.values()].reduce((sum, { found }) => sum + found, 0)
      return { field, accuracy: right / pairs.length, recall }
    }),
  }
}

const percent = (share: number): string => `${Math.round(share * 100)} %`.padStart(5)

/** The graver the class, the sooner it is told: what matters is that none of those is missed. */
export const qualityText = (name: string, { tickets, failed, fields: qualities }: Quality): string =>
  [
    `${name}, ${tickets} tickets${failed === 0 ? '' : `, ${failed} without labels`}`,
    ...qualities.map(({ field, accuracy, recall }) => {
      const classes = [...recall].map(([value, { found, of }]) => `${value} ${found}/${of}`).join('  ')
      return `  ${field.padEnd(9)} accuracy ${percent(accuracy)}   recall  ${classes}`
    }),
  ].join('\n')
