import type { Change, Severity } from './change.ts'
import type { Diff } from './diff.ts'

/**
 * A diff for people: what changes, what happens to the running system, and what to do.
 * @example console.log(diffText(diff(deployed, plan(wordCount.graph))))
 */
export const diffText = ({ topology, changes, notCompared }: Diff): string =>
  `${[summary(topology, changes), ...changes.map(changeText), notCompared.join('\n')].join('\n\n').trimEnd()}\n`

const summary = (topology: string, changes: readonly Change[]): string => {
  if (changes.length === 0) return `${topology}: as locked`
  const order: readonly Severity[] = ['needs reset', 'loses store', 'new changelog', 'safe']
  const counts = order.flatMap(severity => {
    const count = changes.filter(change => change.severity === severity).length
    return count === 0 ? [] : [`${severity}: ${count}`]
  })
  return `${topology}: ${changes.length} ${changes.length === 1 ? 'change' : 'changes'} (${counts.join(', ')})`
}

const changeText = ({ severity, kind, name, what, before, after, says, toDo }: Change): string =>
  [
    `${severity.toUpperCase()}  ${kind} ${name}: ${what}`,
    ...(before === null ? [] : [`  before: ${before}`]),
    ...(after === null ? [] : [`  after:  ${after}`]),
    `  ${says}`,
    ...(toDo === null ? [] : [`  To do: ${toDo}`]),
  ].join('\n')
