import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { description } from '../../topology/index.ts'
import { type CompatibilityMode, compatibilityModes, isTransitive } from '../avro/compat.ts'
import { parseApprovals } from '../review/approvals.ts'
import { schemaFiles } from '../review/base/folder.ts'
import { type Base, type BaseRequest, BaseUnreachable, openBase, reach } from '../review/base/index.ts'
import { circlesOf, readState, type SchemaState, subjectsOf } from '../review/base/state.ts'
import { circleChange } from '../review/circle.ts'
import { type Deployment, emptyDeployment } from '../review/deployment.ts'
import { parseDeployment } from '../review/deployment-file.ts'
import { deploymentFrom } from '../review/described.ts'
import { driftChanges } from '../review/drift.ts'
import { isAtLeast, type Level, levels } from '../review/finding.ts'
import { type Format, formats, formatted } from '../review/format/index.ts'
import { markdownOf } from '../review/format/markdown.ts'
import type { Report } from '../review/report.ts'
import { review, type SubjectToReview } from '../review/review.ts'
import { isRuleCode } from '../review/rules/index.ts'
import { type Command, guarded, misused, oneOf, parsedArguments } from './arguments.ts'
import { CommandFailure, type CommandIo, type ExitCode, exitCodes } from './io.ts'
import { openRegistry } from './registry-option.ts'
import { topologiesOf } from './topologies.ts'

export const reviewHelp = `franz schemas review [--against BASE] [--mode MODE] [FILE|DIR...]

Says of every schema that differs from the base what breaks, for whom, when, and in which order to deploy.

  FILE|DIR          .avsc files, and folders that hold them; the current folder unless given
  --against BASE    a revision of git, a folder, registry:URL, or registry:DATA-FOLDER;
                    the main branch unless given
  --mode MODE       ${compatibilityModes.slice(0, 4).join(', ')},
                    ${compatibilityModes.slice(4).join(', ')}; BACKWARD unless given
  --mode SUBJECT=MODE
                    another mode for one subject
  --topology FILE   a pipeline file: findings then name the topologies, stores and connectors that are hit
  --deployment FILE the same for programs that are no topologies, as JSON
  --approvals FILE  findings that were accepted; approvals.json in the folder reviewed unless given
  --registry URL    also says where the base and a registry differ
  --level CODE=LEVEL, --level SUBJECT:CODE=LEVEL
                    another level for a rule: error, warn or info
  --fail-on LEVEL   the mildest level that fails: error (unless given), warn, info, or never
  --format FORMAT   ${formats.join(', ')}; text unless given

The subject of orders.avsc is orders-value, that of orders-key.avsc is orders-key. Files in a folder called types hold
types for others and have no subject.
Exit: 0 nothing to say, 1 findings that fail, 2 wrong usage, 3 a schema is not valid, 4 the base cannot be reached.
`

const options = {
  against: { type: 'string' },
  mode: { type: 'string', multiple: true },
  deployment: { type: 'string' },
  topology: { type: 'string', multiple: true },
  approvals: { type: 'string' },
  registry: { type: 'string' },
  level: { type: 'string', multiple: true },
  'fail-on': { type: 'string', default: 'error' },
  format: { type: 'string', default: 'text' },
  help: { type: 'boolean', short: 'h' },
} as const

interface Wishes {
  readonly paths: readonly string[]
  readonly against: string | undefined
  readonly mode: CompatibilityMode | undefined
  readonly modes: Readonly<Record<string, CompatibilityMode>>
  readonly levels: Readonly<Record<string, Level>>
  readonly failOn: Level | undefined
  readonly format: Format
  readonly deployment: string | undefined
  readonly topologies: readonly string[]
  readonly approvals: string | undefined
  readonly registry: string | undefined
}

/** Reviews the schemas of files and folders against a base. */
export const reviewCommand: Command = guarded(async (args, io) => {
  const { values, positionals } = parsedArguments(args, options, reviewHelp)
  if (values.help) {
    io.out(reviewHelp)
    return exitCodes.done
  }
  const wishes = wishesOf(values, positionals)
  const { report, hasInvalid } = await reviewed(wishes, io)
  io.out(formatted(report, wishes.format, { colour: io.colour ?? false, failOn: wishes.failOn ?? 'error' }))
  const summary = io.env.GITHUB_STEP_SUMMARY
  if (wishes.format === 'github' && summary) appendFileSync(summary, markdownOf(report))
  return hasInvalid ? exitCodes.badInput : exitFor(report, wishes.failOn)
})

const exitFor = (report: Report, failOn: Level | undefined): ExitCode => {
  const fails = report.findings.some(
    ({ level, approvedBy }) => failOn !== undefined && approvedBy === undefined && isAtLeast(level, failOn),
  )
  return fails ? exitCodes.failed : exitCodes.done
}

type Values = ReturnType<typeof parsedArguments<typeof options>>['values']

const wishesOf = (values: Values, positionals: readonly string[]): Wishes => {
  const pick = <T extends string>(text: string, all: readonly T[], what: string): T => {
    const found = oneOf(text, all)
    if (found === undefined) throw misused(`${what} "${text}" is none of ${all.join(', ')}.`, reviewHelp)
    return found
  }
  const modes: Record<string, CompatibilityMode> = {}
  for (const each of values.mode ?? []) {
    const [subject, mode] = each.includes('=') ? splitLast(each, '=') : ['', each]
    modes[subject] = pick(mode, compatibilityModes, 'The mode')
  }
  const byRule: Record<string, Level> = {}
  for (const each of values.level ?? []) {
    const [rule, level] = splitLast(each, '=')
    if (!isRuleCode(rule.slice(rule.lastIndexOf(':') + 1))) throw misused(`"${each}" names no rule.`, reviewHelp)
    byRule[rule] = pick(level, levels, 'The level')
  }
  const { '': mode, ...others } = modes
  const failOn = pick(values['fail-on'], [...levels, 'never'] as const, 'The level')
  const { against, deployment, approvals, registry } = values
  return {
    ...{ against, deployment, approvals, registry, mode, modes: others, levels: byRule },
    topologies: values.topology ?? [],
    paths: positionals.length === 0 ? ['.'] : positionals,
    failOn: failOn === 'never' ? undefined : failOn,
    format: pick(values.format, formats, 'The format'),
  }
}

const splitLast = (text: string, by: string): [string, string] => {
  const at = text.lastIndexOf(by)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

const reviewed = async (wishes: Wishes, io: CommandIo): Promise<{ report: Report; hasInvalid: boolean }> => {
  const folder = resolve(io.folder ?? '.')
  const deployment = await deploymentOf(wishes, folder, io)
  const state = readState(await filesOf(wishes.paths, folder), 'strict')
  const isDeep = [wishes.mode ?? 'BACKWARD', ...Object.values(wishes.modes)].some(isTransitive)
  const open = (address: string) => openRegistry(placeOf(address, folder), io, { create: false })
  const request = { against: wishes.against, folder, paths: wishes.paths, isTransitive: isDeep, deployment }
  try {
    const base = await openBase({ ...request, openRegistry: open })
    try {
      const { subjects, modes } = await subjectsFor(state, base, wishes, deployment)
      const drift = wishes.registry === undefined ? [] : await driftFrom(wishes.registry, open, subjects)
      const report = review({
        ...{ subjects, modes, deployment, invalid: state.errors, levels: wishes.levels },
        against: base.name,
        notes: base.notes ?? [],
        mode: wishes.mode ?? 'BACKWARD',
        approvals: approvalsOf(wishes, folder),
        today: (io.now?.() ?? new Date()).toISOString().slice(0, 10),
        more: [...drift, ...circlesOf(state).map(circle => circleChange(circle, state, deployment))],
        files: state.parsed.schemas.size + state.errors.length,
      })
      return { report, hasInvalid: state.errors.length > 0 }
    } finally {
      await base.close()
    }
  } catch (error) {
    if (error instanceof BaseUnreachable) throw new CommandFailure(exitCodes.unreachable, error.message)
    throw error
  }
}

const driftFrom = (address: string, open: BaseRequest['openRegistry'], subjects: readonly SubjectToReview[]) =>
  reach(address, async () => {
    const registry = await open(address)
    try {
      return await driftChanges(subjects, registry)
    } finally {
      await registry.close?.()
    }
  })

/** An address is one of HTTP, anything else a data folder. */
const placeOf = (address: string, folder: string) =>
  /^https?:\/\//.test(address) ? { registry: address } : { data: resolve(folder, address) }

const filesOf = async (paths: readonly string[], folder: string) => {
  const missing = paths.find(path => !existsSync(resolve(folder, path)))
  if (missing !== undefined) throw new CommandFailure(exitCodes.badInput, `There is no file or folder ${missing}.`)
  try {
    const files = (await Promise.all(paths.map(path => schemaFiles(folder, path)))).flat()
    return [...new Map(files.map(each => [each.file, each])).values()]
  } catch (error) {
    throw new CommandFailure(exitCodes.badInput, (error as Error).message)
  }
}

const subjectsFor = async (state: SchemaState, base: Base, wishes: Wishes, deployment: Deployment) => {
  const current = subjectsOf(state, deployment)
  const broken = new Set(state.errors.map(({ file }) => file))
  const names = [...new Set([...current.keys(), ...base.subjects])].sort()
  const modes: Record<string, CompatibilityMode> = {}
  const subjects: SubjectToReview[] = []
  for (const subject of names) {
    const versions = await base.versions(subject)
    const stated = current.get(subject)
    // A file that is there and not valid is not gone.
    const oldFile = versions.at(-1)?.schema.position.file
    if (stated === undefined && oldFile !== undefined && broken.has(oldFile)) continue
    const mode = wishes.modes[subject] ?? wishes.mode ?? (await base.modeOf?.(subject))
    if (mode !== undefined) modes[subject] = mode
    subjects.push({ subject, file: stated?.file, schema: stated?.schema, versions })
  }
  return { subjects, modes }
}

const textOf = (file: string, folder: string): string => {
  try {
    return readFileSync(resolve(folder, file), 'utf8')
  } catch (error) {
    throw new CommandFailure(exitCodes.badInput, (error as Error).message)
  }
}

const deploymentOf = async (wishes: Wishes, folder: string, io: CommandIo): Promise<Deployment> => {
  const { deployment, topologies } = wishes
  const told = deployment === undefined ? emptyDeployment : parseDeployment(textOf(deployment, folder), deployment)
  const loaded = await topologiesOf(topologies, io)
  const { pipelines, copartitioned = [] } = deploymentFrom(loaded.map(topology => description(topology)))
  return {
    ...told,
    pipelines: [...told.pipelines, ...pipelines],
    copartitioned: [...(told.copartitioned ?? []), ...copartitioned],
  }
}

const approvalsOf = ({ approvals, paths }: Wishes, folder: string) => {
  const usual = paths.map(path => join(path, 'approvals.json')).find(path => existsSync(resolve(folder, path)))
  const file = approvals ?? usual
  return file === undefined ? [] : parseApprovals(textOf(file, folder), file)
}
