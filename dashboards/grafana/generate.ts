import { readFileSync, writeFileSync } from 'node:fs'
import { desk } from './desk.ts'
import { labels } from './labels.ts'
import { operation } from './operation.ts'

/** The dashboards by the names of their files, as they are checked in. */
export const texts: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({ '1-desk': desk, '2-labels': labels, '3-operation': operation }).map(([name, made]) => [
    `${name}.json`,
    `${JSON.stringify(made, null, 2)}\n`,
  ]),
)

/** `npm run dashboards` writes them; with --check it only says which files are not as they are declared. */
export const main = (folder: string, isCheck: boolean): readonly string[] => {
  const stale = Object.entries(texts).filter(([name, text]) => current(`${folder}/${name}`) !== text)
  if (!isCheck) for (const [name, text] of stale) writeFileSync(`${folder}/${name}`, text)
  return stale.map(([name]) => name)
}

const current = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
