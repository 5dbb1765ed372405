// AV602: the base and the registry tell different stories of a subject.
import { parseSchema } from '../avro/parse.ts'
import { normalForm } from '../avro/write.ts'
import type { RegistryReader } from './base/index.ts'
import { changeOf } from './compare/change.ts'
import { typeText } from './compare/describe.ts'
import type { DatedChange } from './history.ts'
import type { SubjectToReview } from './review.ts'

/** One finding for each subject whose newest version in the registry is not that of the base. */
export const driftChanges = async (
  subjects: readonly SubjectToReview[],
  registry: RegistryReader,
): Promise<readonly { readonly subject: string; readonly change: DatedChange }[]> => {
  const found: { subject: string; change: DatedChange }[] = []
  for (const { subject, versions } of subjects) {
    const [base, kept] = [versions.at(-1), (await registry.versions(subject)).at(-1)]
    if (base === undefined || kept === undefined) continue
    const registered = parseSchema(kept.schema, { accept: 'apache', file: `${subject} version ${kept.version}` })
    if (normalForm(registered) === normalForm(base.schema)) continue
    const place = {
      old: { spot: registered, value: typeText(registered) },
      new: { spot: base.schema, value: typeText(base.schema) },
      path: '',
      shows: { old: registered, new: base.schema },
    }
    const message = `version ${kept.version} in the registry is not the schema of ${base.label}`
    found.push({ subject, change: { ...changeOf('AV602', { ...place, direction: 'none', message }), version: 0 } })
  }
  return found
}
