// Data that moved into another record: no reader follows it there.
import { reachable } from '../../avro/schema.ts'
import { type Change, changeOf, type MovedField, type Walk } from './change.ts'
import { inPath, named, typeKey } from './describe.ts'

/** For each field that went: did one of the same name and type come in another record, with a default? */
export const movedData = (walk: Pick<Walk, 'came' | 'went'>): readonly Change[] => {
  const landed = walk.went.length === 0 ? [] : walk.came.flatMap(landings)
  return walk.went.flatMap(gone => {
    const arrived = landed.find(landing => isSame(landing, gone))
    if (arrived === undefined) return []
    return changeOf('AV307', {
      old: { spot: gone.field, value: gone.path },
      new: { spot: arrived.field, value: arrived.path },
      path: arrived.path,
      shows: gone.shows,
      direction: 'both',
      message: `${named(gone.path)} moved to ${named(arrived.path)}: readers do not follow, and old values are dropped`,
    })
  })
}

/** A field that came, and the fields inside of it. */
const landings = (came: MovedField): readonly MovedField[] => {
  const inner = reachable(came.field.type).flatMap(type => (type.type === 'record' ? type.fields : []))
  return [came, ...inner.map(field => ({ ...came, field, path: inPath(came.path, field.name) }))]
}

const isSame = (landing: MovedField, gone: MovedField): boolean =>
  landing.field.name === gone.field.name && typeKey(landing.field.type) === typeKey(gone.field.type)
