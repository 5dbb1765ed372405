import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { body, served } from '../served.ts'

const one = body('Ticket', { id: 'string' })

test('curl registers and reads', async () => {
  const its = await served()
  const curl = async (...args: string[]) => (await promisify(execFile)('curl', ['-sS', ...args])).stdout
  const type = ['-H', 'Content-Type: application/vnd.schemaregistry.v1+json']
  expect(await curl('-X', 'POST', ...type, '--data', JSON.stringify(one), `${its.url}/subjects/t-value/versions`)).toBe(
    '{"id":1}',
  )
  expect(JSON.parse(await curl(`${its.url}/schemas/ids/1`))).toEqual(one)
  expect(await curl('-X', 'DELETE', `${its.url}/subjects/t-value/versions/1`)).toBe('1')
  expect(await curl('-I', `${its.url}/subjects`)).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  await its.stop()
})
