import { page, schemaAnswer, settingsAnswer, settingsEcho, versionAnswer } from './answers.ts'
import type { Version } from './book.ts'
import {
  absent,
  modeNamed,
  planMode,
  planModeDeletion,
  planSettings,
  planSettingsDeletion,
  planSubjectDeletion,
  planVersionDeletion,
} from './change.ts'
import { incompatibilityMessages } from './compatibility.ts'
import { readDraft } from './intake.ts'
import type { LocalRegistry } from './local-registry.ts'
import { lookUp, planRegistration } from './register.ts'
import { type Asked, draftOf, flag, idOf, modeIn, settingsOf, subjectOf, versionOf } from './requests.ts'
import { RestError, refusals } from './rest-error.ts'

/** Answers that are text as it stands, where all others are JSON. */
export class PlainText {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type Handler = (registry: LocalRegistry, asked: Asked) => unknown
export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** Confluent's paths, and what each method does there. */
export const routes: Readonly<Record<string, Partial<Record<Method, Handler>>>> = {
  '/': { GET: () => ({}) },
  '/contexts': { GET: () => ['.'] },
  '/v1/metadata/id': {
    GET: ({ id }) => ({
      scope: { path: [], clusters: { 'kafka-cluster': id, 'schema-registry-cluster': 'schema-registry' } },
      id: '',
    }),
  },
  '/subjects': { GET: (registry, { query }) => page(subjects(registry, query), query) },
  '/subjects/{subject}': {
    POST: ({ book }, asked) => {
      const how = { normalize: flag(asked.query, 'normalize'), deleted: flag(asked.query, 'deleted') }
      return versionAnswer(lookUp(book, subjectOf(asked), draftOf(asked), how))
    },
    DELETE: (registry, asked) =>
      registry.write(book => planSubjectDeletion(book, subjectOf(asked), flag(asked.query, 'permanent'))),
  },
  '/subjects/{subject}/versions': {
    GET: (registry, asked) => page(versionNumbers(registry, asked), asked.query),
    POST: async (registry, asked) => {
      const [subject, draft, normalize] = [subjectOf(asked), draftOf(asked), flag(asked.query, 'normalize')]
      const { id } = await registry.write(book => planRegistration(book, subject, draft, normalize))
      return { id }
    },
  },
  '/subjects/{subject}/versions/{version}': {
    GET: (registry, asked) => versionAnswer(found(registry, asked, flag(asked.query, 'deleted'))),
    DELETE: (registry, asked) =>
      registry.write(book =>
        planVersionDeletion(book, subjectOf(asked), versionOf(asked), flag(asked.query, 'permanent')),
      ),
  },
  '/subjects/{subject}/versions/{version}/schema': {
    GET: (registry, asked) => new PlainText(found(registry, asked, flag(asked.query, 'deleted')).schema),
  },
  '/subjects/{subject}/versions/{version}/referencedby': {
    GET: (registry, asked) => {
      const seen = flag(asked.query, 'deleted') ? 'all' : 'visible'
      const by = registry.book.referredBy(found(registry, asked, true), seen)
      return page([...new Set(by.map(each => each.id))], asked.query)
    },
  },
  '/schemas': { GET: (registry, { query }) => page(schemas(registry, query), query).map(versionAnswer) },
  '/schemas/types': { GET: () => ['AVRO'] },
  '/schemas/ids/{id}': {
    GET: (registry, asked) => ({
      ...schemaAnswer(holders(registry, asked)[0]!),
      ...(flag(asked.query, 'fetchMaxId') ? { maxId: registry.book.idNext - 1 } : {}),
    }),
  },
  '/schemas/ids/{id}/schema': { GET: (registry, asked) => new PlainText(holders(registry, asked)[0]!.schema) },
  '/schemas/ids/{id}/subjects': {
    GET: (registry, asked) => page([...new Set(seenHolders(registry, asked).map(each => each.subject))], asked.query),
  },
  '/schemas/ids/{id}/versions': {
    GET: (registry, asked) =>
      page(seenHolders(registry, asked), asked.query).map(({ subject, version }) => ({ subject, version })),
  },
  '/compatibility/subjects/{subject}/versions': {
    POST: (registry, asked) => compatibility(registry, asked, registry.book.versions(subjectOf(asked), 'visible')),
  },
  '/compatibility/subjects/{subject}/versions/{version}': {
    POST: (registry, asked) => {
      const version = versionOf(asked)
      const versions = registry.book.versions(subjectOf(asked), 'visible')
      const previous = version === 'latest' ? versions.slice(-1) : versions.filter(each => each.version === version)
      if (version !== 'latest' && previous.length === 0) throw refusals.versionUnknown(version)
      return compatibility(registry, asked, previous)
    },
  },
  '/config': {
    GET: ({ book }) => settingsAnswer(book.settings(null) ?? {}),
    PUT: async (registry, asked) => {
      const wanted = settingsOf(asked)
      return settingsEcho(await registry.write(book => planSettings(book, null, wanted)))
    },
    DELETE: async registry => settingsAnswer(await registry.write(book => planSettingsDeletion(book, null))),
  },
  '/config/{subject}': {
    GET: ({ book }, asked) => {
      const subject = subjectOf(asked)
      const own = book.settings(subject)
      if (own === undefined && !flag(asked.query, 'defaultToGlobal')) throw refusals.noOwnLevel(subject)
      return settingsAnswer({ ...book.settings(null), ...own })
    },
    PUT: async (registry, asked) => {
      const [subject, wanted] = [subjectOf(asked), settingsOf(asked)]
      return settingsEcho(await registry.write(book => planSettings(book, subject, wanted)))
    },
    DELETE: async (registry, asked) =>
      settingsAnswer(await registry.write(book => planSettingsDeletion(book, subjectOf(asked)))),
  },
  '/mode': {
    GET: ({ book }) => ({ mode: book.modeInForce(null) }),
    PUT: (registry, asked) => setMode(registry, asked, null),
    DELETE: async registry => ({ mode: await registry.write(book => planModeDeletion(book, null)) }),
  },
  '/mode/{subject}': {
    GET: ({ book }, asked) => {
      const subject = subjectOf(asked)
      const own = book.mode(subject)
      if (own === undefined && !flag(asked.query, 'defaultToGlobal')) throw refusals.noOwnMode(subject)
      return { mode: own ?? book.modeInForce(subject) }
    },
    PUT: (registry, asked) => setMode(registry, asked, subjectOf(asked)),
    DELETE: async (registry, asked) => ({
      mode: await registry.write(book => planModeDeletion(book, subjectOf(asked))),
    }),
  },
}

const setMode = async (registry: LocalRegistry, asked: Asked, subject: string | null): Promise<unknown> => {
  const mode = modeNamed(modeIn(asked))
  return { mode: await registry.write(book => planMode(book, subject, mode, flag(asked.query, 'force'))) }
}

/** `:*:` before a prefix means every context; here there is one. */
const prefixOf = (query: URLSearchParams): string => (query.get('subjectPrefix') ?? '').replace(/^:(?:\*|\.):/, '')

const subjects = ({ book }: LocalRegistry, query: URLSearchParams): readonly string[] => {
  const listed = book.subjects(flag(query, 'deleted') ? 'all' : 'visible')
  const asked = flag(query, 'deletedOnly') ? book.subjects('hidden') : listed
  return asked.filter(subject => subject.startsWith(prefixOf(query)))
}

const schemas = ({ book }: LocalRegistry, query: URLSearchParams): readonly Version[] => {
  const seen = flag(query, 'deleted') ? 'all' : 'visible'
  const names = book.subjects(seen).filter(subject => subject.startsWith(prefixOf(query)))
  const latestOnly = flag(query, 'latestOnly')
  return names.flatMap(subject => book.versions(subject, seen).slice(latestOnly ? -1 : 0))
}

const versionNumbers = ({ book }: LocalRegistry, asked: Asked): readonly number[] => {
  const subject = subjectOf(asked)
  const only = flag(asked.query, 'deletedOnly')
  const seen = only || flag(asked.query, 'deleted') ? 'all' : 'visible'
  if (book.versions(subject, seen).length === 0) throw refusals.subjectUnknown(subject)
  return book.versions(subject, only ? 'hidden' : seen).map(each => each.version)
}

const found = ({ book }: LocalRegistry, asked: Asked, deleted: boolean): Version => {
  const [subject, number] = [subjectOf(asked), versionOf(asked)]
  const versions = book.versions(subject, deleted && number !== 'latest' ? 'all' : 'visible')
  const version = number === 'latest' ? versions.at(-1) : versions.find(each => each.version === number)
  if (version !== undefined) return version
  if (versions.length === 0 && !(deleted && book.versions(subject, 'all').length > 0)) {
    throw refusals.subjectUnknown(subject)
  }
  throw absent(book, subject, number)
}

const holders = ({ book }: LocalRegistry, asked: Asked): readonly Version[] => {
  const id = idOf(asked)
  const versions = book.holders(id)
  if (versions === undefined) throw refusals.schemaUnknown(id)
  return versions
}

const seenHolders = (registry: LocalRegistry, asked: Asked): readonly Version[] =>
  holders(registry, asked).filter(each => !each.hidden || flag(asked.query, 'deleted'))

const compatibility = ({ book }: LocalRegistry, asked: Asked, previous: readonly Version[]): unknown => {
  const subject = subjectOf(asked)
  const verbose = flag(asked.query, 'verbose')
  const normalize = flag(asked.query, 'normalize') || book.normalizeInForce(subject)
  const messages = ((): readonly string[] => {
    try {
      const reading = readDraft(book, draftOf(asked), normalize)
      return incompatibilityMessages(book, reading, previous, book.levelInForce(subject))
    } catch (error) {
      // With verbose the reason is part of the answer, also when the schema cannot be read.
      if (verbose && error instanceof RestError && error.code === 42201) return [error.message]
      throw error
    }
  })()
  return { is_compatible: messages.length === 0, ...(verbose ? { messages } : {}) }
}
