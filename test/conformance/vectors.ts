/** The files of checked-in vectors: one case a line. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConformanceCase } from './case-format.ts'

export const vectorFiles = ['hand', 'random', 'deviations'] as const
export type VectorFile = (typeof vectorFiles)[number]

const path = (file: VectorFile) => join(import.meta.dirname, 'vectors', `${file}.jsonl`)

export function readVectors(file: VectorFile): ConformanceCase[] {
  return readFileSync(path(file), 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as ConformanceCase)
}

export function writeVectors(file: VectorFile, cases: readonly ConformanceCase[]): void {
  writeFileSync(path(file), cases.map(each => `${JSON.stringify(each)}\n`).join(''))
}
