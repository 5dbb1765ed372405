/**
 * A refusal as Confluent's REST API words it: the HTTP status, the `error_code` that clients switch on, and a sentence.
 * @example throw refusals.subjectUnknown('tickets-value')
 */
export class RestError extends Error {
  override readonly name = 'RestError'
  readonly status: number
  readonly code: number

  constructor(status: number, code: number, message: string, cause?: unknown) {
    super(message, { cause })
    this.status = status
    this.code = code
  }
}

export type KeyText = { readonly subject: string; readonly version: number }
const named = ({ subject, version }: KeyText): string => `'${subject}' version ${version}`

/** Every refusal, declared once. Codes and meanings are Confluent's; the words are ours. */
export const refusals = {
  noSuchPath: () => new RestError(404, 404, 'There is nothing at this path.'),
  wrongMethod: (allowed: readonly string[]) => new RestError(405, 405, `This path takes ${allowed.join(', ')} only.`),
  subjectUnknown: (subject: string) => new RestError(404, 40401, `Subject '${subject}' not found.`),
  versionUnknown: (version: number) => new RestError(404, 40402, `Version ${version} not found.`),
  schemaUnknown: (id?: number) =>
    new RestError(404, 40403, id === undefined ? 'Schema not found.' : `Schema ${id} not found.`),
  subjectHidden: (subject: string) =>
    new RestError(404, 40404, `Subject '${subject}' is soft-deleted already. permanent=true deletes it for good.`),
  subjectNotHidden: (subject: string) =>
    new RestError(404, 40405, `Subject '${subject}' must be soft-deleted before it can be deleted for good.`),
  versionHidden: (key: KeyText) =>
    new RestError(404, 40406, `Subject ${named(key)} is soft-deleted already. permanent=true deletes it for good.`),
  versionNotHidden: (key: KeyText) =>
    new RestError(404, 40407, `Subject ${named(key)} must be soft-deleted before it can be deleted for good.`),
  noOwnLevel: (subject: string) =>
    new RestError(404, 40408, `Subject '${subject}' has no compatibility level of its own.`),
  noOwnMode: (subject: string) => new RestError(404, 40409, `Subject '${subject}' has no mode of its own.`),
  incompatible: (subject: string, messages: readonly string[]) =>
    new RestError(
      409,
      409,
      `The schema is incompatible with an earlier one in subject "${subject}", details: [${messages.join(', ')}]`,
    ),
  badSchema: (detail: string) => new RestError(422, 42201, detail),
  badVersion: (version: string) =>
    new RestError(422, 42202, `'${version}' is no version: write a number from 1 to 2^31-1, or "latest".`),
  badLevel: () =>
    new RestError(
      422,
      42203,
      'No such compatibility level: write none, backward, forward, full, backward_transitive, forward_transitive or full_transitive.',
    ),
  badMode: () => new RestError(422, 42204, 'No such mode: write READWRITE, READONLY, READONLY_OVERRIDE or IMPORT.'),
  notPermitted: (detail: string) => new RestError(422, 42205, detail),
  referenced: (key: KeyText) => new RestError(422, 42206, `Other schemas refer to ${named(key)}.`),
  badSubject: (subject: string, detail: string) =>
    new RestError(422, 42208, `'${printable(subject)}' is no subject name here: ${detail}.`),
  storeFailed: (detail: string, cause?: unknown) => new RestError(500, 50001, detail, cause),
} as const

/** A name that came from outside, fit for a message: no control characters, not endless. */
export const printable = (text: string): string =>
  JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text).slice(1, -1)
