import { describe, expect, test } from 'vitest'
import { checkCompatibility } from '../../../schemas/avro/compat.ts'
import { parseSchema } from '../../../schemas/avro/parse.ts'
import { answerTo } from '../../../schemas/commands/compat.ts'
import { review } from '../../../schemas/review/review.ts'
import { cases } from './cases.ts'

const parsed = (schema: unknown, file: string) => parseSchema(JSON.stringify(schema, undefined, 2), { file })

describe('the forty cases', () => {
  test.each(cases)('$number: $title', each => {
    const [old, next] = [parsed(each.old, 'old.avsc'), parsed(each.new, 'new.avsc')]
    const verdict = (mode: 'BACKWARD' | 'FORWARD' | 'FULL') =>
      checkCompatibility({ old: [old], new: next, mode }).compatible
    expect([verdict('BACKWARD'), verdict('FORWARD')]).toEqual([each.backward, each.forward])
    expect(verdict('FULL')).toBe(each.backward && each.forward)

    const subject = {
      subject: 'orders-value',
      file: 'new.avsc',
      schema: next,
      versions: [{ label: 'main', schema: old }],
    }
    const { findings, subjects } = review({ against: 'main', mode: 'FULL', subjects: [subject] })
    expect(subjects[0]!.compatible).toEqual({ backward: each.backward, forward: each.forward })
    expect(findings.map(({ code, pointer }) => [code, pointer])).toEqual(expect.arrayContaining([...each.says]))

    const wireErrors = findings.filter(({ level, axis }) => level === 'error' && axis.includes('WIRE'))
    expect(wireErrors.length > 0).toBe(!each.backward || !each.forward)
    for (const { message, why, fix, level } of findings) {
      expect(message).not.toBe('')
      expect(why).not.toBe('')
      if (level !== 'info') expect(fix?.message).toBeTruthy()
    }
  })

  test.each(cases)('$number over compat --pairs', ({ number, old, new: next, backward, says }) => {
    const answer = JSON.parse(answerTo(JSON.stringify({ id: number, old, new: next, mode: 'BACKWARD' })).text)
    expect([answer.id, answer.compatible]).toEqual([number, backward])
    const wire = answer.findings.filter((finding: { axis: string }) => finding.axis === 'WIRE')
    expect(wire.length > 0).toBe(!backward)
    if (!backward) expect(wire.map((finding: { code: string }) => finding.code)).toContain(says[0]![0])
  })

  test('40: a default removed, over three versions', () => {
    const record = (...fields: object[]) => ({
      type: 'record',
      name: 'R',
      fields: [{ name: 'a', type: 'int' }, ...fields],
    })
    const first = parsed(record(), 'v1')
    const second = parsed(record({ name: 'b', type: 'int', default: 0 }), 'v2')
    const third = parsed(record({ name: 'b', type: 'int' }), 'new.avsc')
    const compatible = (mode: 'BACKWARD' | 'FORWARD' | 'BACKWARD_TRANSITIVE' | 'FULL_TRANSITIVE') =>
      checkCompatibility({ old: [first, second], new: third, mode }).compatible
    expect([compatible('BACKWARD'), compatible('FORWARD')]).toEqual([true, true])
    expect([compatible('BACKWARD_TRANSITIVE'), compatible('FULL_TRANSITIVE')]).toEqual([false, false])

    const versions = [
      { label: 'version 1', schema: first },
      { label: 'version 2', schema: second },
    ]
    const subject = { subject: 'r-value', file: 'new.avsc', schema: third, versions }
    const told = (mode: 'BACKWARD' | 'BACKWARD_TRANSITIVE') =>
      review({ against: 'main', mode, subjects: [subject] }).findings.map(each => [each.code, each.level, each.pointer])
    expect(told('BACKWARD')).toEqual([['AV304', 'warn', '/fields/1']])
    expect(told('BACKWARD_TRANSITIVE')).toEqual([['AV304', 'error', '/fields/1']])
  })
})

describe('what the rows remark', () => {
  const findingsOf = (number: number) => {
    const { old, new: next } = cases[number - 1]!
    const versions = [{ label: 'main', schema: parsed(old, 'old.avsc') }]
    const subject = { subject: 'orders-value', file: 'new.avsc', schema: parsed(next, 'new.avsc'), versions }
    return review({ against: 'main', mode: 'FULL', subjects: [subject] }).findings
  }
  const finding = (number: number, code: string) => findingsOf(number).find(each => each.code === code)

  test.each([16, 17, 20, 22])('%i: on Node all records fail, not some', number => {
    expect(finding(number, 'AV206')?.axis).toEqual(['NODE'])
  })
  test.each([2, 4, 9, 13, 15, 21, 25])('%i has no findings about Node alone', number => {
    const only = findingsOf(number).filter(({ axis, code }) => axis[0] === 'NODE' && code !== 'AV206')
    expect(only).toEqual([])
  })
  test('5: nullable is not optional', () => {
    expect(finding(5, 'AV101')?.message).toContain('does not make it optional')
    expect(finding(5, 'AV101')?.fix?.edits[0]?.newText).toBe(', "default": null')
  })
  test('22: why the default of the field does not help', () => {
    expect(finding(22, 'AV109')?.why).toContain('The default of the field a does not help')
    expect(finding(20, 'AV109')?.why).not.toContain('The default of the field a')
  })
  test('26: the default of the enum is not one of the field', () => {
    expect(finding(26, 'AV101')?.message).toContain('for unknown symbols, not for a missing field')
  })
  test('32: the proof shows both readings of the same bytes', () => {
    expect(finding(32, 'AV301')?.example).toMatchObject({ bytes: '043039', oldValue: '"123.45"', newValue: '"12.345"' })
  })
  test('33: the proof shows the wrong unit', () => {
    expect(finding(33, 'AV302')?.example).toMatchObject({ oldValue: '1700000000000', newValue: '1700000000000n' })
  })
  test('36: the true cause, and an example that fails for it', () => {
    expect(finding(36, 'AV101')?.path).toBe('a.y')
    expect(finding(36, 'AV101')?.example?.error).toContain('shop.P.y')
    expect(findingsOf(36).map(({ code }) => code)).not.toContain('AV106')
  })
})
