export type { MailAccount } from './account.ts'
export type { MailKind } from './kind.ts'
export type { MailMessage } from './record.ts'
export { type MailSourceOptions, mailSource } from './source.ts'
