import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv, type ValidateFunction } from 'ajv'
import { createGenerator } from 'ts-json-schema-generator'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { texts } from '../../dashboards/grafana/generate.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

interface Panel {
  readonly type: string
  readonly title: string
  readonly options: object
  readonly datasource: { readonly type: string; readonly uid: string }
  readonly fieldConfig: { readonly defaults: { readonly custom?: object } }
}
const boards = Object.values(texts).map(text => JSON.parse(text) as { uid: string; panels: Panel[] })
const panels = boards.flatMap(({ uid, panels }) => panels.map(panel => [uid, panel.title, panel] as const))

describe('against the schema that Grafana publishes', () => {
  let ajv: Ajv
  beforeAll(() => {
    const schema = createGenerator({
      ...{ path: at('published.ts'), tsconfig: at('../tsconfig.json'), type: 'Published' },
      // Its types are judged by its own build; what they do not name is refused.
      ...{ skipTypeCheck: true, additionalProperties: false, jsDoc: 'none' },
      // Several kinds of panels have a type of the same name.
      ...{ expose: 'none', topRef: false },
    }).createSchema('Published')
    ajv = new Ajv({ strict: false, allErrors: true }).addSchema({ ...schema, $id: 'published' } as object)
  })
  const checkOf = (path: string): ValidateFunction => ajv.compile({ $ref: `published#/properties/${path}` })
  const wrongIn = (path: string, value: unknown): string => {
    const check = checkOf(path)
    if (check(value)) return ''
    return check
      .errors!.map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`)
      .join('; ')
  }

  test.each(boards.map(board => [board.uid, board] as const))('the dashboard %s is one', (_uid, board) => {
    expect(wrongIn('dashboard', board)).toBe('')
  })

  test.each(panels)('%s: the panel "%s" has the options of its kind', (_uid, _title, panel) => {
    expect(wrongIn(`options/properties/${panel.type}`, panel.options)).toBe('')
    const { custom } = panel.fieldConfig.defaults
    if (custom !== undefined) expect(wrongIn(`custom/properties/${panel.type}`, custom)).toBe('')
  })

  test('what Grafana does not know is seen', () => {
    const [board] = boards
    const [panel] = board!.panels
    expect(wrongIn('dashboard', { ...board, refresh: 5 })).toContain('refresh must be string')
    expect(wrongIn('dashboard', { ...board, nonsense: true })).toContain('must NOT have additional properties')
    expect(wrongIn('options/properties/stat', { ...panel!.options, colorMode: 'loud' })).toContain('colorMode')
  })
})

describe('what Grafana is started with', () => {
  const yaml = (path: string) => parse(readFileSync(at(`../../dashboards/grafana/provisioning/${path}`), 'utf8'))

  test('the data source is the one that every panel asks, read by the role that can only select', () => {
    const { apiVersion, datasources } = yaml('datasources/franz.yaml')
    expect(apiVersion).toBe(1)
    expect(datasources).toHaveLength(1)
    expect(datasources[0]).toMatchObject({ type: 'grafana-postgresql-datasource', user: 'franz_reader' })
    for (const [, , { datasource }] of panels) expect(datasource.type).toBe(datasources[0].type)
    const role = readFileSync(at('../../dashboards/grafana/reader.sql'), 'utf8')
    expect(role).toContain(datasources[0].user)
    const settings = JSON.stringify(datasources[0]).match(/\$\{?[A-Z_]+/g)
    expect([...new Set(settings?.map(name => name.replace(/\W/g, '')))].sort()).toEqual([
      'FRANZ_POSTGRES_DATABASE',
      'FRANZ_POSTGRES_HOST',
      'FRANZ_POSTGRES_SSLMODE',
      'FRANZ_READER_PASSWORD',
    ])
  })

  test('the dashboards are read from where the README has them mounted', () => {
    const { apiVersion, providers } = yaml('dashboards/franz.yaml')
    expect([apiVersion, providers[0].type, providers[0].options.path]).toEqual([1, 'file', '/etc/grafana/franz'])
  })
})
