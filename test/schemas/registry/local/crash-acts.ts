import { planSettings, planSubjectDeletion, planVersionDeletion } from '../../../../schemas/registry/local/change.ts'
import type { LocalRegistry } from '../../../../schemas/registry/local/local-registry.ts'
import { planRegistration } from '../../../../schemas/registry/local/register.ts'

/** Every act changes something and none is refused, so that the number of acts done decides the state. */
export const act = async (registry: LocalRegistry, number: number): Promise<void> => {
  const subject = `subject-${Math.floor(number / 8)}`
  const schema = (fields: number) => ({
    schema: JSON.stringify({
      type: 'record',
      name: `Record${Math.floor(number / 8)}`,
      doc: 'x'.repeat((number * 37) % 3_000),
      fields: Array.from({ length: fields }, (_, index) => ({ name: `f${index}`, type: 'int', default: 0 })),
    }),
    references: [],
  })
  const register = (fields: number) => registry.write(book => planRegistration(book, subject, schema(fields), false))
  const acts = [
    () => register(1),
    () => register(2),
    () => registry.write(book => planSettings(book, subject, { level: 'FULL' })),
    () => register(3),
    () => registry.write(book => planVersionDeletion(book, subject, 2, false)),
    () => registry.write(book => planVersionDeletion(book, subject, 2, true)),
    () => (number % 16 < 8 ? register(4) : registry.write(book => planSubjectDeletion(book, subject, false))),
    () => (number % 16 < 8 ? register(5) : registry.write(book => planSubjectDeletion(book, subject, true))),
  ]
  await acts[number % 8]!()
}

/** All that a registry knows, as one text. */
export const stateOf = ({ book }: LocalRegistry): string =>
  JSON.stringify({
    next: book.idNext,
    subjects: book.subjects('all').map(subject => [subject, book.versions(subject, 'all'), book.settings(subject)]),
  })
