import { TopologyError } from '../../errors.ts'

/** A JSON value with the line on which it begins. */
export interface OnLine {
  readonly line: number
  readonly value: string | number | boolean | null | readonly OnLine[] | ReadonlyMap<string, OnLine>
}

const token = /[ \t\r]*(?:([{}[\],:])|("(?:[^"\\\n]|\\.)*")|([-+.\w]+)|(\n)|([^\n]*))/y

/** JSON whose values know their lines, for a file that people merge. */
export const readJson = (text: string, file: string): OnLine => {
  let line = 1
  token.lastIndex = 0
  const wrong = (detail: string, at = line): never => {
    throw new TopologyError('LOCK_WRONG', `${file}:${at}`, detail)
  }
  const next = (): string => {
    for (;;) {
      const [, punctuation, quoted, word, lineEnd, rest] = token.exec(text)!
      const found = punctuation ?? quoted ?? word
      if (found !== undefined) return found
      if (lineEnd !== undefined) line++
      else return rest === '' ? 'the end' : wrong(`${JSON.stringify(rest!.slice(0, 20))} is no JSON`)
    }
  }
  const parsed = (found: string): string | number | boolean | null => {
    try {
      return JSON.parse(found)
    } catch {
      return wrong(`${/^\W$/.test(found) ? `"${found}"` : found} stands where a value should`)
    }
  }
  const list = <T>(end: string, item: (found: string) => T): T[] => {
    const items: T[] = []
    let found = next()
    if (found === end) return items
    for (;;) {
      items.push(item(found))
      found = next()
      if (found === end) return items
      if (found !== ',') wrong(`${found} stands where a comma or "${end}" should`)
      found = next()
    }
  }
  const member = (found: string): [string, OnLine] => {
    if (!found.startsWith('"')) wrong(`${found} stands where a name in quotes should`)
    const name = String(parsed(found))
    if (next() !== ':') wrong(`a colon is missing after ${found}`)
    return [name, value(next())]
  }
  const value = (found: string): OnLine => {
    const begins = line
    if (found === '[') return { line: begins, value: list(']', value) }
    if (found !== '{') return { line: begins, value: parsed(found) }
    const members = new Map<string, OnLine>()
    for (const [name, content] of list('}', member)) {
      if (members.has(name)) wrong(`"${name}" stands here a second time`, content.line)
      members.set(name, content)
    }
    return { line: begins, value: members }
  }
  const whole = value(next())
  const after = next()
  return after === 'the end' ? whole : wrong(`${after} follows after the end`)
}
