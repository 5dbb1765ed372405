import { isRuleCode, type RuleCode, rules } from '../review/rules/index.ts'
import { type Command, guarded, misused } from './arguments.ts'
import { exitCodes } from './io.ts'

export const explainHelp = `franz schemas explain [CODE...]

Says what a rule of the review is about, why it matters, and what to do. Without a code it lists all rules.
Exit: 0 done, 2 there is no such rule.
`

const told = (code: RuleCode): string => {
  const { title, axis, level, what, why, fix } = rules[code]
  const head = `${code}  ${title}   (${level}, ${axis.join(', ')})`
  return [head, '', `What     ${what}`, `Why      ${why}`, `To do    ${fix}.`, ''].join('\n')
}

/** Prints what, why and what to do for rule codes. */
export const explainCommand: Command = guarded(async (args, io) => {
  if (args.includes('--help') || args.includes('-h')) {
    io.out(explainHelp)
    return exitCodes.done
  }
  const codes = args.map(arg => arg.toUpperCase())
  const unknown = codes.find(code => !isRuleCode(code))
  if (unknown !== undefined) throw misused(`There is no rule ${unknown}.`, explainHelp)
  if (codes.length > 0) io.out((codes as RuleCode[]).map(told).join('\n'))
  else io.out((Object.keys(rules) as RuleCode[]).map(code => `${code}  ${rules[code].title}\n`).join(''))
  return exitCodes.done
})
