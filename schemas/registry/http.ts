import { type Address, addressOf, type Credentials, type Tls } from './address.ts'
import type { OpenRegistry, RegisteredVersion, Registration } from './contract.ts'
import { known } from './known.ts'
import { type Patience, patiently, usualPatience } from './patience.ts'
import * as reading from './reading.ts'
import { RegistryError, unregistered } from './registry-error.ts'
import { selfContained } from './self-contained.ts'
import { type Answer, ask, errorOf } from './transport.ts'

/**
 * Where a registry is and how to treat it.
 * @example const options: HttpRegistryOptions = { url: 'https://registry:8081', patience: { deadlineMs: 5_000 } }
 */
export interface HttpRegistryOptions {
  /** Such as `https://registry:8081`. A user name and a password in it are used and never shown. */
  readonly url: string
  readonly auth?: Credentials | undefined
  readonly tls?: Tls | undefined
  /** Whether `idOf` registers a schema that is not there. Off, so that production registers nothing by accident. */
  readonly register?: boolean | undefined
  readonly patience?: Partial<Patience> | undefined
}

/**
 * A schema registry over HTTP. What it has said about an id is remembered, so known ids go on while it is away.
 * @example const registry = httpRegistry({ url: 'https://registry:8081', auth: { username, password } })
 */
export const httpRegistry = (options: HttpRegistryOptions): OpenRegistry =>
  new HttpRegistry(addressOf(options.url, options.auth, options.tls), options)

const limits = { rememberedIdsMax: 10_000 } as const

const subjectPath = (subject: string): string => `/subjects/${encodeURIComponent(subject)}`

class HttpRegistry implements OpenRegistry {
  readonly #address: Address
  readonly #patience: Patience
  readonly #registers: boolean
  readonly #schemas = known()
  readonly #ids = new Map<string, number>()

  constructor(address: Address, { register = false, patience }: HttpRegistryOptions) {
    this.#address = address
    this.#patience = { ...usualPatience, ...patience }
    this.#registers = register
  }

  get name(): string {
    return this.#address.name
  }

  schemaOf(id: number): Promise<string | undefined> {
    return this.#schemas.get(id, async () => {
      const kept = await this.#get(`/schemas/ids/${id}`, `show the schema of id ${id}`, reading.keptOrAbsentIn)
      return kept === 'absent' ? undefined : this.#avroText(kept)
    })
  }

  async idOf(subject: string, schema: string): Promise<number> {
    const key = JSON.stringify([subject, schema])
    const before = this.#ids.get(key)
    if (before !== undefined) return before
    const found = await this.#lookUp(subject, schema)
    if (found.id === undefined && !this.#registers) {
      throw unregistered(this.name, subject, `--registry ${this.name}`, found.said)
    }
    const id = found.id ?? (await this.#add(subject, schema))
    if (this.#ids.size >= limits.rememberedIdsMax) this.#ids.delete(this.#ids.keys().next().value!)
    this.#ids.set(key, id)
    return id
  }

  async register(subject: string, schema: string, { dryRun = false } = {}): Promise<Registration> {
    const { id } = await this.#lookUp(subject, schema)
    if (id !== undefined) return { id, isNew: false }
    if (!dryRun) return { id: await this.#add(subject, schema), isNew: true }
    const path = `/compatibility${subjectPath(subject)}/versions?verbose=true`
    const objections = await this.#post(path, schema, 'check a schema', reading.objectionsIn)
    if (objections.length === 0) return { id: undefined, isNew: true }
    const why = this.#address.withoutSecrets(objections.join(', '))
    throw new RegistryError('incompatible', this.name, `would refuse the schema in subject "${subject}": ${why}`)
  }

  subjects(): Promise<readonly string[]> {
    return this.#get('/subjects', 'list its subjects', reading.subjectsIn)
  }

  async versions(subject: string): Promise<readonly RegisteredVersion[]> {
    const path = `${subjectPath(subject)}/versions`
    const numbers = await this.#get(path, `list the versions of "${subject}"`, reading.versionNumbersIn)
    const versions: RegisteredVersion[] = []
    for (const version of numbers) {
      const kept = await this.#version(subject, version)
      const schema = await this.#avroText(kept)
      if (schema !== undefined && kept.id !== undefined) versions.push({ version, id: kept.id, schema })
    }
    return versions
  }

  levelOf(subject: string): Promise<string> {
    const path = `/config/${encodeURIComponent(subject)}?defaultToGlobal=true`
    return this.#get(path, `show the compatibility level of "${subject}"`, reading.levelIn)
  }

  async close(): Promise<void> {
    this.#address.agent.destroy()
  }

  #lookUp(subject: string, schema: string): Promise<reading.LookUp> {
    return this.#post(subjectPath(subject), schema, `look up a schema in subject "${subject}"`, reading.lookUpIn)
  }

  #add(subject: string, schema: string): Promise<number> {
    const path = `${subjectPath(subject)}/versions`
    return this.#post(path, schema, `register a schema in subject "${subject}"`, reading.idIn)
  }

  #version(subject: string, version: number): Promise<reading.Kept> {
    const doing = `show version ${version} of "${subject}"`
    return this.#get(`${subjectPath(subject)}/versions/${version}`, doing, reading.keptIn)
  }

  /** Undefined for a schema of another type: there is no Avro schema by that id. */
  async #avroText(kept: reading.Kept): Promise<string | undefined> {
    if (kept.type !== 'AVRO') return undefined
    try {
      return await selfContained(kept, ({ subject, version }) => this.#version(subject, version))
    } catch (error) {
      if (error instanceof RegistryError) throw error
      throw new RegistryError(
        'nonsense',
        this.name,
        `keeps references that make no schema: ${(error as Error).message}`,
      )
    }
  }

  #get<A>(path: string, doing: string, read: (answer: Answer) => A | undefined): Promise<A> {
    return this.#call('GET', path, undefined, doing, read)
  }

  #post<A>(path: string, schema: string, doing: string, read: (answer: Answer) => A | undefined): Promise<A> {
    return this.#call('POST', path, { schema }, doing, read)
  }

  #call<A>(
    method: 'GET' | 'POST',
    path: string,
    body: unknown,
    doing: string,
    read: (answer: Answer) => A | undefined,
  ): Promise<A> {
    return patiently(this.name, this.#patience, async signal => {
      const answer = await ask(this.#address, method, path, body, signal)
      const value = read(answer)
      if (value === undefined) throw errorOf(this.#address, answer, doing)
      return value
    })
  }
}
