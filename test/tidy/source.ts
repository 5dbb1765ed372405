import { dirname, join, sep } from 'node:path'
import type { SourceFile } from './tree.ts'

const beforePattern = /(?:^|[(,=:[!&|?{};+\-*%~^<>]|\b(?:return|typeof|case|in|of))\s*$/

/** The code with its comments and the content of its strings blanked out: each character stays where it was. */
export const bare = (text: string): string => {
  const tokens =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|[`{}]|\/(?![/*])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/g
  let made = ''
  let at = 0
  /** Braces open within each template's `${`. */
  const templates: number[] = []
  const blank = (upTo: number) => {
    made += text.slice(at, upTo).replaceAll(/[^\n]/g, ' ')
    at = upTo
  }
  const keep = (upTo: number) => {
    made += text.slice(at, upTo)
    at = upTo
  }
  const template = () => {
    const end = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y
    end.lastIndex = at
    end.exec(text)
    blank(end.lastIndex)
    if (text.startsWith('${', at)) templates.push(0)
    keep(Math.min(text.length, at + (text.startsWith('${', at) ? 2 : 1)))
    tokens.lastIndex = at
  }
  for (let found = tokens.exec(text); found; found = tokens.exec(text)) {
    const [token] = found
    keep(found.index)
    if (token === '`') {
      keep(at + 1)
      template()
    } else if (token === '{' || token === '}') {
      const inner = templates.length - 1
      if (inner >= 0 && token === '{') templates[inner]!++
      const closes = inner >= 0 && token === '}' && templates[inner]!-- === 0
      keep(at + 1)
      if (closes) {
        templates.pop()
        template()
      }
    } else if (token.startsWith('/') && !/^\/[/*]/.test(token) && !beforePattern.test(made)) {
      // A slash that divides: what follows it is code.
      keep(at + 1)
      tokens.lastIndex = at
    } else blank(at + token.length)
  }
  keep(text.length)
  return made
}

export interface Import {
  readonly line: number
  /** As written: a path from the importing file, or a package's name. */
  readonly from: string
  /** The imported path from the repository's root; undefined for packages. */
  readonly path: string | undefined
  readonly typesOnly: boolean
}

const importPattern =
  /^(?:import|export)\s+(type\s+)?((?:[\w*$]+\s*,?\s*)?(?:\{[^}]*\}|\*(?:\s+as\s+\w+)?)?)\s*from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm

/** What a file imports, re-exports and imports on demand. */
export const importsOf = ({ path, text }: SourceFile): Import[] =>
  [...text.matchAll(importPattern)].map(match => {
    const [, type, what = '', named, bareImport, dynamic] = match
    const from = (named ?? bareImport ?? dynamic)!
    const names = /\{([^}]*)\}/
      .exec(what)?.[1]
      ?.split(',')
      .filter(name => name.trim() !== '')
    const everyNameIsType = names?.every(name => name.trim().startsWith('type ')) ?? false
    const onlyBraces = /^\s*\{/.test(what)
    return {
      line: lineAt(text, match.index),
      from,
      path: from.startsWith('.') ? join(dirname(path), from).split(sep).join('/') : undefined,
      typesOnly: type !== undefined || (onlyBraces && everyNameIsType),
    }
  })

export const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length

const indentOf = (line: string): number => line.search(/\S/)
const opensFunction = /(?:=>|\)(?::[^={}]+(?:\{[^{}]*\}[^={}]*)?)?) \{$/
const opensOther = /^\s*(?:\} ?(?:else|catch|finally)|if|for|while|switch|catch|else|try|do)\b/

/** The functions of a formatted file with their lengths: the formatter puts a function's end under its beginning. */
export const functionsOf = (text: string): { readonly line: number; readonly lines: number }[] => {
  const lines = bare(text).split('\n')
  return lines.flatMap((line, at) => {
    if (!opensFunction.test(line.trimEnd())) return []
    const indent = indentOf(line)
    // Parameters on lines of their own: the function begins where they do.
    let first = at
    while (first > 0 && /^\s*\)/.test(line) && indentOf(lines[first - 1]!) !== indent) first--
    if (first < at) first--
    if (opensOther.test(lines[first]!)) return []
    const end = lines.findIndex((other, place) => place > at && indentOf(other) === indent && /^\s*\}/.test(other))
    return end < 0 ? [] : [{ line: first + 1, lines: end - first + 1 }]
  })
}
