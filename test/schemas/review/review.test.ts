import { describe, expect, test } from 'vitest'
import { compatibilityModes } from '../../../schemas/avro/compat.ts'
import { codesOf, field, find, order, parsed, reviewed, shop } from './orders.ts'

const id = field('id', 'string')
const total = (scale: number) => field('total', { type: 'bytes', logicalType: 'decimal', precision: 10, scale })
const status = (symbols: string[], more: object = {}) =>
  field('status', { type: 'enum', name: 'Status', symbols, ...more })

describe('levels', () => {
  const added = [order([id]), order([id, field('by', 'string')])]
  const removed = [order([id, field('by', 'string')]), order([id])]

  test.each(compatibilityModes)('%s decides which direction is an error', mode => {
    const level = (versions: unknown[], code: string) => find(reviewed(versions, { mode }), code).level
    const wants = (direction: string) => mode.startsWith(direction) || mode.startsWith('FULL')
    expect(level(added, 'AV101')).toBe(wants('BACKWARD') ? 'error' : 'warn')
    expect(level(removed, 'AV102')).toBe(wants('FORWARD') ? 'error' : 'warn')
  })
  test('a changed value is an error in every mode', () => {
    for (const mode of compatibilityModes) {
      expect(find(reviewed([order([total(2)]), order([total(3)])], { mode }), 'AV301').level).toBe('error')
    }
  })
  test('a rule can be raised and lowered, for all subjects or for one', () => {
    const levels = { AV101: 'warn', 'orders-value:AV001': 'error', 'other-value:AV101': 'error' } as const
    const report = reviewed([order([id]), order([id, field('by', 'string'), field('x', 'int', { default: 0 })])], {
      levels,
    })
    expect(report.findings.map(({ code, level }) => [code, level])).toEqual([
      ['AV001', 'error'],
      ['AV101', 'warn'],
    ])
  })
  test('a mode can be set for one subject', () => {
    expect(find(reviewed(removed, { mode: 'BACKWARD', modes: { 'orders-value': 'FULL' } }), 'AV102').level).toBe(
      'error',
    )
  })
  test('another runtime makes its findings errors', () => {
    const moved = [order([id]), order([id], { name: 'store.Order' })]
    expect(find(reviewed(moved), 'AV201').level).toBe('warn')
    const [first, ...others] = shop.pipelines
    const deployment = { pipelines: [first!, { ...others[0]!, runtime: 'avsc-strict' as const }, ...others.slice(1)] }
    const finding = find(reviewed(moved, { deployment }), 'AV201')
    expect(finding.level).toBe('error')
    expect(finding.affected.filter(({ role }) => role === 'reader').map(({ service }) => service)).toEqual(['billing'])
  })
})

describe('who is hit, and the order of upgrade', () => {
  const affected = (versions: unknown[], code: string) => find(reviewed(versions, { deployment: shop }), code).affected

  test('backward hits whoever reads, and the stores', () => {
    const hit = affected([order([id]), order([id, field('by', 'string')])], 'AV101')
    expect(hit.map(({ service, role }) => [service, role])).toEqual([
      ['billing', 'reader'],
      ['audit', 'reader'],
      ['billing/totals-by-day', 'store'],
    ])
    expect(hit[2]!.when).toContain('21 days')
  })
  test('forward hits the readers as soon as the writer deploys, and on Node every record', () => {
    const hit = affected([order([status(['A'])]), order([status(['A', 'B'])])], 'AV109')
    expect(hit.map(({ service }) => service)).toEqual(['billing', 'audit'])
    expect(hit[0]).toMatchObject({ scope: 'all', when: 'as soon as checkout deploys, until it is upgraded itself' })
  })
  test('wrong values go on through the topics behind', () => {
    const hit = affected([order([total(2)]), order([total(3)])], 'AV301')
    expect(hit.find(({ service }) => service === 'ledger')?.path).toEqual(['orders', 'invoices'])
  })
  test.each([
    ['backward', [order([id]), order([id, field('by', 'string')])], 'checkout', 'billing, audit'],
    ['forward', [order([id, field('by', 'string')]), order([id])], 'billing, audit', 'checkout'],
  ])('%s decides who deploys first', (direction, versions, first, last) => {
    const report = reviewed(versions, { deployment: shop })
    expect(report.subjects[0]!.direction).toBe(direction)
    expect(report.subjects[0]!.order[0]).toContain(`deploy ${first} (`)
    expect(report.subjects[0]!.order.at(-1)).toContain(`deploy ${last} (`)
  })
  test('where neither direction holds it is expand, migrate, contract', () => {
    const report = reviewed([order([field('a', 'int')]), order([field('a', 'string')])], { deployment: shop })
    expect(report.subjects[0]!.order.map(step => step.split(':')[0])).toEqual(['expand', 'migrate', 'contract'])
  })
  test('a safe change has no order', () => {
    const report = reviewed([order([id]), order([id, field('x', 'int', { default: 0 })])], { deployment: shop })
    expect([report.subjects[0]!.order, report.subjects[0]!.direction]).toEqual([[], 'none'])
  })
  test('who reads and writes the topic must not roll', () => {
    const deployment = { pipelines: [{ name: 'dedupe', reads: ['orders'], writes: ['orders'] }] }
    const report = reviewed([order([id, field('by', 'string')]), order([id])], { deployment })
    expect(report.subjects[0]!.order.at(-1)).toContain('stop all its instances')
  })
  test('columns, prompts, filters and views that use the field by name are named', () => {
    const pipeline = {
      ...shop.pipelines[1]!,
      sinks: [{ name: 'pg.orders', topic: 'orders', columns: [{ field: 'by', column: 'by_whom' }] }],
      uses: [{ name: 'label prompt', topic: 'orders', field: 'by', in: 'prompt' as const }],
    }
    const deployment = { pipelines: [pipeline] }
    const report = reviewed([order([id, field('by', 'string')]), order([id, field('by', ['null', 'string'])])], {
      deployment,
    })
    expect(find(report, 'AV503').affected).toMatchObject([{ service: 'pg.orders.by_whom', role: 'sink' }])
    expect(find(report, 'AV504').affected).toMatchObject([{ service: 'label prompt', role: 'prompt' }])
    expect(codesOf(reviewed([order([id]), order([id, field('x', 'int', { default: 0 })])], { deployment }))).toEqual([
      'AV001',
    ])
  })
})

describe('keys and stores', () => {
  test('a key that is written as other bytes is an error, one that is not is none', () => {
    const subject = 'orders-key'
    expect(codesOf(reviewed([order([id]), order([field('id', 'long')])], { subject }))).toContain('AV401')
    const full = reviewed([order([id]), order([id, field('region', 'string', { default: '' })])], { subject })
    expect(full.subjects[0]!.compatible).toEqual({ backward: true, forward: true })
    expect(codesOf(full)).toContain('AV401')
    for (const same of [
      order([field('key', 'string', { aliases: ['id'] })]),
      order([{ ...id, doc: 'words' }]),
      order([field('id', 'bytes')]),
    ]) {
      expect(codesOf(reviewed([order([id]), same], { subject }))).not.toContain('AV401')
    }
    expect(codesOf(reviewed([order([status(['A'])]), order([status(['A', 'B'])])], { subject }))).not.toContain('AV401')
    for (const other of [
      ['B', 'A'],
      ['A', 'C', 'B'],
    ]) {
      const versions = [order([status(['A', 'B'])]), order([status(other)])]
      expect(codesOf(reviewed(versions, { subject }))).toContain('AV401')
    }
    expect(codesOf(reviewed([order([id]), order([field('id', 'long')])]))).not.toContain('AV401')
  })
  test('a store that cannot be rebuilt from an older version is an error, whatever the mode', () => {
    const versions = [
      order([field('a', 'int')]),
      order([field('b', 'int', { default: 0 })]),
      order([field('b', 'int')]),
    ]
    const finding = find(reviewed(versions, { deployment: shop, mode: 'NONE' }), 'AV402')
    expect(finding.level).toBe('error')
    expect(finding.message).toContain('billing/totals-by-day may hold values written with version 1')
    const named = { pipelines: [{ ...shop.pipelines[1]!, stores: [{ name: 's', value: 'avro shop.Order 9f3c01ab' }] }] }
    expect(codesOf(reviewed(versions, { deployment: named }))).toContain('AV402')
    const other = {
      pipelines: [{ ...shop.pipelines[1]!, stores: [{ name: 's', value: 'avro shop.Orders 9f3c01ab' }] }],
    }
    expect(codesOf(reviewed(versions, { deployment: other }))).not.toContain('AV402')
  })
})

describe('versions before the newest', () => {
  test('a name that comes back for another type', () => {
    const versions = [order([id, field('x', 'int')]), order([id]), order([id, field('x', 'string', { default: '' })])]
    const finding = find(reviewed(versions), 'AV308')
    expect(finding.message).toContain('version 1 used the name as int')
    expect(finding.version).toBe(1)
    expect(codesOf(reviewed([versions[1], versions[2]]))).not.toContain('AV308')
  })
  test('a transitive mode names the version that breaks', () => {
    const versions = [order([id, field('x', 'string')]), order([id]), order([id, field('x', 'int', { default: 0 })])]
    const told = (mode: 'BACKWARD' | 'BACKWARD_TRANSITIVE') =>
      reviewed(versions, { mode }).findings.filter(({ level, axis }) => level === 'error' && axis[0] === 'WIRE')
    expect(told('BACKWARD')).toEqual([])
    expect(told('BACKWARD_TRANSITIVE').map(({ code, version }) => [code, version])).toEqual([['AV105', 1]])
    expect(told('BACKWARD_TRANSITIVE')[0]!.message).toContain('since version 1')
  })
})

describe('what only Node minds', () => {
  test('an ambiguous alias', () => {
    const versions = [
      order([field('a', 'int'), field('b', 'int')]),
      order([field('c', 'int', { aliases: ['a', 'b'] })]),
    ]
    const finding = find(reviewed(versions), 'AV203')
    expect(finding).toMatchObject({ level: 'error', axis: ['WIRE', 'NODE'], pointer: '/fields/0' })
  })
  test('a union whose values change their form', () => {
    const versions = [order([field('a', ['null', 'int'])]), order([field('a', ['null', 'int', 'double'])])]
    expect(find(reviewed(versions), 'AV204').message).toContain('{ type, value }')
    const apart = [order([field('a', ['null', 'int'])]), order([field('a', ['null', 'int', 'string'])])]
    expect(codesOf(reviewed(apart))).not.toContain('AV204')
  })
  test('a default beyond the safe range', () => {
    const report = reviewed([order([id]), order([id, field('a', 'long', { default: 2 ** 60 })])])
    expect(find(report, 'AV205').pointer).toBe('/fields/1/default')
  })
  test('a default that our codec cannot open', () => {
    const uuid = { type: 'string', logicalType: 'uuid' }
    const report = reviewed([order([id]), order([id, field('u', uuid, { default: 'none' })])])
    expect(find(report, 'AV603')).toMatchObject({ level: 'error', axis: ['NODE'], pointer: '/fields/1/default' })
  })
})

describe('subjects', () => {
  test('a new one is a note', () => {
    const report = reviewed([order([id])])
    expect(report.findings).toMatchObject([{ code: 'AV006', level: 'info' }])
  })
  test('one that is gone is a warning', () => {
    const versions = [{ label: 'main', schema: parsed(order([id])) }]
    const report = reviewed([order([id])], {
      subjects: [{ subject: 'old-value', file: undefined, schema: undefined, versions }],
    })
    expect(report.findings).toMatchObject([{ code: 'AV007', level: 'warn', subject: 'old-value' }])
  })
  test('keys of joined topics that differ', () => {
    const subjects = ['orders', 'users'].map((topic, index) => ({
      ...{ subject: `${topic}-key`, file: `${topic}-key.avsc`, versions: [] },
      schema: parsed(index === 0 ? 'string' : 'long'),
    }))
    const deployment = { pipelines: [], copartitioned: [['orders', 'users']] }
    const report = reviewed([order([id])], { subjects, deployment })
    expect(find(report, 'AV403')).toMatchObject({ level: 'error', subject: 'users-key' })
    expect(codesOf(reviewed([order([id])], { subjects }))).not.toContain('AV403')
  })
})
