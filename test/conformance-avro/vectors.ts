import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { type JsonNode, type JsonObject, parseJson } from '../../schemas/avro/json.ts'

const lines = (name: string, count?: number): readonly JsonObject[] =>
  gunzipSync(readFileSync(`${import.meta.dirname}/vectors/${name}.jsonl.gz`))
    .toString()
    .trimEnd()
    .split('\n')
    .slice(0, count)
    .map(line => parseJson(line) as JsonObject)

const member = (line: JsonObject, key: string): JsonNode => line.members.get(key)!.value
const text = (node: JsonNode): string => (node.kind === 'object' || node.kind === 'array' ? '' : String(node.value))

/** Pairs of schemas with the verdicts of Apache Avro: y, n, or x when its check threw; the first so many, or all. */
export const pairVectors = (count?: number) =>
  lines('pairs', count).map(line => ({
    old: member(line, 'old'),
    new: member(line, 'new'),
    backward: text(member(line, 'backward')),
    forward: text(member(line, 'forward')),
  }))

/** Schemas, and whether Apache Avro parses them. */
export const schemaVectors = () =>
  lines('schemas').map(line => ({
    schema: member(line, 'schema'),
    accepted: text(member(line, 'accepted')) === 'true',
  }))

/** Texts of schemas, some of them no JSON, and whether Apache Avro parses them. */
export const textVectors = (): readonly { readonly text: string; readonly accepted: boolean }[] =>
  readFileSync(`${import.meta.dirname}/vectors/texts.jsonl`, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
