import type { ErrorReport } from './absturz.ts'

// Reports as Discord shows them: rich embeds.

/** What Discord takes. */
const limits = { titleMax: 256, fieldMax: 1_024, embedsMax: 10, lettersMax: 6_000 } as const

interface Embed {
  readonly title: string
  readonly color: number
  readonly description?: string
  readonly fields: readonly { readonly name: string; readonly value: string; readonly inline?: boolean }[]
  readonly timestamp?: string
}

/** Reports that are about the same trouble. */
interface Group {
  readonly first: ErrorReport
  count: number
}

/** One message for any number of reports: the same trouble is told once, with how often it came. */
export const messageOf = (reports: readonly ErrorReport[]): object => {
  const groups = new Map<string, Group>()
  for (const report of reports) {
    const trouble = `${report.service} ${report.topic} ${report.message.replaceAll(/\d+/g, '0')}`
    const group = groups.get(trouble) ?? { first: report, count: 0 }
    group.count++
    groups.set(trouble, group)
  }
  const sorted = [...groups.values()].sort((one, other) => other.count - one.count)
  const embeds: Embed[] = []
  let letters = 0
  let told = 0
  for (const group of sorted) {
    const embed = embedOf(group)
    letters += lettersOf(embed)
    // One place is kept for what there is no room for.
    if (embeds.length === limits.embedsMax - 1 || letters > limits.lettersMax - limits.titleMax) break
    embeds.push(embed)
    told += group.count
  }
  if (told < reports.length) embeds.push(more(sorted.length - embeds.length, reports.length - told))
  // Nobody is called by what a stranger wrote.
  return { embeds, allowed_mentions: { parse: [] } }
}

const embedOf = ({ first, count }: Group): Embed => ({
  title: cut(`Processing Failed - ${first.topic}${count > 1 ? ` (${count} times)` : ''}`, limits.titleMax),
  color: colourOf(first.topic),
  fields: [
    { name: 'Service', value: first.service, inline: true },
    { name: 'Source topic', value: `\`${first.topic}\``, inline: true },
    ...(first.source === null
      ? []
      : [
          { name: 'Record', value: `partition ${first.source.partition}, offset ${first.source.offset}`, inline: true },
        ]),
    { name: 'Error', value: block('', first.message) },
    ...(first.content === null ? [] : [{ name: 'Content', value: block('json', pretty(first.content)) }]),
    ...(first.deadLetterTopic === null
      ? []
      : [{ name: 'To do', value: `\`npx franz dlq list ${first.deadLetterTopic}\`, correct the cause, then redrive` }]),
  ].map(field => ({ ...field, value: cut(field.value, limits.fieldMax) })),
  timestamp: new Date(first.timestamp).toISOString(),
})

const more = (groups: number, reports: number): Embed => ({
  title: `${reports} more, of ${groups} other kinds`,
  color: 0x99aab5,
  fields: [{ name: 'To do', value: '`npx franz tail errors` shows all of them' }],
})

const lettersOf = ({ title, fields }: Embed): number =>
  title.length + fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0)

/** The same topic always has the same colour. */
export const colourOf = (topic: string): number => {
  let hash = 0x811c9dc5
  for (const letter of topic) hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193)
  return (hash >>> 0) & 0xffffff
}

/** Text that cannot end its own block. */
const block = (language: string, text: string): string => {
  const [open, close] = [`\`\`\`${language}\n`, '\n```']
  const inside = text.replaceAll('```', "'''")
  return `${open}${cut(inside, limits.fieldMax - open.length - close.length)}${close}`
}

const cut = (text: string, lettersMax: number): string =>
  text.length <= lettersMax ? text : `${text.slice(0, lettersMax - 1)}…`

const pretty = (content: string): string => {
  try {
    return JSON.stringify(JSON.parse(content), undefined, 2)
  } catch {
    return content
  }
}
