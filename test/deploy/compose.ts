import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

// The files of the deployment as they are read by whoever takes them.

export const root = join(import.meta.dirname, '..', '..')
export const text = (path: string): string => readFileSync(join(root, path), 'utf8')

export interface Service {
  readonly image?: string
  readonly build?: string
  readonly command?: readonly string[]
  readonly restart?: string
  readonly environment?: Readonly<Record<string, string | number>>
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly volumes?: readonly string[]
  readonly healthcheck?: unknown
  readonly ports?: readonly string[]
  readonly secrets?: readonly string[]
  readonly read_only?: boolean
}

export const compose = parse(text('docker-compose.yml'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: object
  readonly secrets: Readonly<Record<string, { readonly environment: string }>>
}

/** What `.env.example` sets, or would where its line begins with `#`. */
export const example = Object.fromEntries(
  [...text('.env.example').matchAll(/^#?([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]),
)
