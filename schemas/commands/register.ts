import { parseArgs } from 'node:util'
import { openFormats, type Registry, type Topology } from '../../topology/index.ts'
import { SchemaError } from '../avro/error.ts'
import { type ParsedFiles, parseAll, type SourceText } from '../avro/parse.ts'
import { isNamed } from '../avro/schema.ts'
import { schemaText } from '../avro/write.ts'
import type { OpenRegistry } from '../registry/contract.ts'
import { JournalDamage } from '../registry/local/journal.ts'
import { FolderOwned } from '../registry/local/ownership.ts'
import { RegistryError } from '../registry/registry-error.ts'
import { schemaFiles } from '../review/base/folder.ts'
import { isPart } from '../review/base/state.ts'
import { emptyDeployment, subjectOfFile } from '../review/deployment.ts'
import { CommandFailure, type CommandIo, type ExitCode, exitCodes } from './io.ts'
import { openRegistry } from './registry-option.ts'
import { topologiesOf } from './topologies.ts'

export const registerHelp = `franz schemas register [--registry URL | --data DIR] [--dry-run] [--by-record] [--topology FILE] [FILE|DIR...]

Registers .avsc files: the one way by which a schema gets an id in production.

  FILE             tickets.avsc goes into subject tickets-value, tickets-key.avsc into tickets-key
  SUBJECT=FILE     goes into the subject named
  DIR              every .avsc file in it; those in a folder called types hold types for others and have no subject
  --topology FILE  a pipeline file: every schema that it needs, those of its own topics and stores too
  --by-record      the subject is the record's full name (RecordName)
  --registry URL   a Confluent schema registry         FRANZ_REGISTRY
  --data DIR       the registry of a data folder       FRANZ_DATA
  --dry-run        asks what would happen, changes nothing

User name and password: FRANZ_REGISTRY_USER, FRANZ_REGISTRY_PASSWORD. TLS files: FRANZ_REGISTRY_CA, _CERT, _KEY.
All files are read before the first is registered. They may use each other's types.
Exit: 0 done, 1 refused, 2 wrong usage, 3 not a valid schema, 4 the registry cannot be reached.
`

/** Registers schema files on purpose; prints one line for each. */
export const register = async (args: readonly string[], io: CommandIo): Promise<ExitCode> => {
  try {
    const options = optionsOf(args)
    if (options.help) {
      io.out(registerHelp)
      return exitCodes.done
    }
    const jobs = await jobsOf(options.files, options.byRecord)
    const topologies = await topologiesOf(options.topologies, io)
    const registry = await openRegistry(options, io, { create: !options.dryRun })
    try {
      for (const job of jobs) await registerOne(registry, job, options.dryRun, io)
      for (const topology of topologies) await registerAll(registry, topology, options.dryRun, io)
    } finally {
      await registry.close()
    }
    return exitCodes.done
  } catch (error) {
    io.err(`${(error as Error).message}\n`)
    return codeOf(error)
  }
}

const codeOf = (error: unknown): ExitCode => {
  if (error instanceof CommandFailure) return error.code
  if (error instanceof SchemaError) return exitCodes.badInput
  if (error instanceof FolderOwned || error instanceof JournalDamage) return exitCodes.unreachable
  if (error instanceof RegistryError) {
    return error.retry || error.reason === 'unauthorized' ? exitCodes.unreachable : exitCodes.failed
  }
  throw error
}

const optionsOf = (args: readonly string[]) => {
  try {
    const { values, positionals: files } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        registry: { type: 'string' },
        data: { type: 'string' },
        topology: { type: 'string', multiple: true, default: [] },
        'dry-run': { type: 'boolean', default: false },
        'by-record': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (files.length + values.topology.length === 0 && !values.help) throw new Error('No file is named')
    const { registry, data, help, topology: topologies } = values
    return { registry, data, help, files, topologies, dryRun: values['dry-run'], byRecord: values['by-record'] }
  } catch (error) {
    throw new CommandFailure(exitCodes.usage, `${(error as Error).message}.\n\n${registerHelp}`)
  }
}

interface Job {
  readonly file: string
  readonly subject: string
  readonly schema: string
}

const jobsOf = async (written: readonly string[], byRecord: boolean): Promise<readonly Job[]> => {
  const named = (await Promise.all(written.map(namedIn))).flat()
  const parsed = parseAll(named)
  const jobs = named
    .filter(({ isPart }) => !isPart)
    .map(({ file, text, subject }) => ({
      file,
      subject: subject ?? subjectOf(file, parsed, byRecord),
      // A file that stands by itself goes as it is; a registry takes its layout away, not its words.
      schema: parsed.references.get(file)?.size ? schemaText(parsed.schemas.get(file)!) : text,
    }))
  const twice = jobs.find((job, index) => jobs.findIndex(other => other.subject === job.subject) < index)
  if (twice === undefined) return jobs
  throw new CommandFailure(exitCodes.usage, `Two files go into subject ${twice.subject}, and one run registers one.`)
}

interface Named extends SourceText {
  readonly file: string
  readonly subject: string | undefined
  readonly isPart: boolean
}

/** The files that an argument names: one, with its subject perhaps, or those of a folder. */
const namedIn = async (written: string): Promise<readonly Named[]> => {
  const at = written.indexOf('=')
  const [subject, path] = at < 1 ? [undefined, written] : [written.slice(0, at), written.slice(at + 1)]
  try {
    const files = await schemaFiles('.', path)
    return files.map(({ file, text }) => ({ file: file!, text, subject, isPart: file !== path && isPart(file!) }))
  } catch (error) {
    throw new CommandFailure(exitCodes.badInput, `${path} cannot be read: ${(error as Error).message}.`)
  }
}

const subjectOf = (file: string, { schemas }: ParsedFiles, byRecord: boolean): string => {
  if (!byRecord) return subjectOfFile(file, emptyDeployment)
  const schema = schemas.get(file)!
  if (isNamed(schema)) return schema.fullName
  throw new CommandFailure(exitCodes.usage, `${file} has no name to be its subject. To fix: write SUBJECT=${file}.`)
}

const registerOne = async (registry: OpenRegistry, job: Job, dryRun: boolean, io: CommandIo): Promise<number> => {
  const { id, isNew } = await registry.register(job.subject, job.schema, { dryRun })
  const outcome = isNew ? (dryRun ? 'would be registered' : `registered under id ${id}`) : `stands there under id ${id}`
  io.out(`${job.subject}: ${outcome} (${job.file})\n`)
  return id ?? unknownId
}

/** What a dry run gives for a schema that has no id yet: nothing is written with it. */
const unknownId = 0

/** Opens every format of a topology as a runner does at its start, with a registry that takes what it is asked for. */
const registerAll = async (
  registry: OpenRegistry,
  topology: Topology,
  dryRun: boolean,
  io: CommandIo,
): Promise<void> => {
  const refusals: unknown[] = []
  const asked: Registry = {
    schemaOf: id => registry.schemaOf(id),
    async idOf(subject, schema) {
      try {
        return await registerOne(registry, { subject, schema, file: `topology ${topology.name}` }, dryRun, io)
      } catch (error) {
        // Formats that only read do without an id, so the refusal is kept here.
        refusals.push(error)
        throw error
      }
    },
  }
  await openFormats(topology, asked)
  if (refusals.length > 0) throw refusals[0]
}
