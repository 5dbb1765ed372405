// AV601 for files that refer to each other in a circle: each is valid, and no registry can take them.

import type { SchemaState } from './base/state.ts'
import { changeOf } from './compare/change.ts'
import { type Deployment, subjectOfFile } from './deployment.ts'
import type { DatedChange } from './history.ts'

/** The finding for one circle, on the subject of its first file. */
export const circleChange = (
  circle: readonly string[],
  { parsed: { schemas } }: SchemaState,
  deployment: Deployment,
): { readonly subject: string; readonly change: DatedChange } => {
  const schema = schemas.get(circle[0]!)!
  const place = {
    old: undefined,
    new: { spot: schema, value: circle.join(' -> ') },
    path: '',
    shows: { old: schema, new: schema },
  }
  const message = `these files refer to each other in a circle: ${circle.join(' -> ')}`
  return {
    subject: subjectOfFile(circle[0]!, deployment),
    change: { ...changeOf('AV601', { ...place, direction: 'none', message }), version: 0 },
  }
}
