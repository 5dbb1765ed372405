/** Builds and runs the Java program that asks the real Kafka Streams. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { CaseSpec, ConformanceCase } from './case-format.ts'

const folder = join(import.meta.dirname, 'java')

/** What the program prints: the case, what was emitted, and which known quirks of Kafka Streams it ran into. */
export type Captured = ConformanceCase & { readonly quirks: readonly string[] }

export async function build(): Promise<void> {
  await run('mvn', ['-q', '-B', 'package'], '')
}

export async function capture(specs: readonly CaseSpec[], options: { inMemory?: boolean } = {}): Promise<Captured[]> {
  const classes = join(folder, 'target', 'classes')
  if (!existsSync(classes)) throw new Error(`the Java program is not built: ${classes} is missing; call build() first`)
  const input = specs.map(spec => `${JSON.stringify(spec)}\n`).join('')
  const flags = options.inMemory ? ['-Dconformance.inMemory=true'] : []
  const path = `${classes}:${join(folder, 'target', 'lib', '*')}`
  const printed = await run('java', [...flags, '-cp', path, 'franz.conformance.Main'], input)
  return printed
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Captured)
}

function run(command: string, flags: string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, flags, { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', error =>
      reject(new Error(`${command} did not start; Java 17 and Maven are needed`, { cause: error })),
    )
    child.on('close', code => {
      if (code === 0) resolve(Buffer.concat(chunks).toString('utf8'))
      else reject(new Error(`${command} ended with exit code ${code}; its messages are above`))
    })
    child.stdin.end(input)
  })
}
