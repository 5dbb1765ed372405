/** What went wrong with a registry: what it means, what to do, and whether trying again can help. */
const reasons = {
  away: { fix: 'see that it runs and that its address is right; what needs it waits until it answers', retry: true },
  nonsense: { fix: 'see that the address is that of a schema registry and not of something before it', retry: true },
  unauthorized: { fix: 'check the user name and the password, and what that user may do', retry: false },
  unregistered: { fix: 'register it on purpose, or let the runner do so with `{ register: true }`', retry: false },
  incompatible: { fix: 'run `franz schemas review` to see who would break, and change the schema', retry: false },
  refused: { fix: 'see what the registry says', retry: false },
} as const

/**
 * Why a registry could not do what was asked.
 * @example const waits = (reason: RegistryReason) => reason === 'away' || reason === 'nonsense'
 */
export type RegistryReason = keyof typeof reasons

/**
 * A registry that could not do what was asked: which one, what happened, what to do. It never carries a password.
 * @example if (error instanceof RegistryError && error.retry) wait()
 */
export class RegistryError extends Error {
  override readonly name = 'RegistryError'
  readonly reason: RegistryReason
  /** The address without credentials, or the folder. */
  readonly registry: string
  /** What happened, without the address and the fix. */
  readonly detail: string

  constructor(reason: RegistryReason, registry: string, detail: string, fix: string = reasons[reason].fix) {
    super(`The schema registry ${registry} ${detail}. To fix: ${fix}.`)
    this.reason = reason
    this.registry = registry
    this.detail = detail
  }

  /** Whether the same thing may succeed later without anybody changing anything. */
  get retry(): boolean {
    return reasons[this.reason].retry
  }
}

/** The refusal for a schema that nobody registered: production registers nothing by accident. */
export const unregistered = (registry: string, subject: string, flag: string, said?: string): RegistryError =>
  new RegistryError(
    'unregistered',
    registry,
    `does not have this schema in subject "${subject}"${said === undefined ? '' : ` (it says: ${said})`}`,
    `register it with \`franz schemas register ${flag} FILES\`, or let the runner do so with \`{ register: true }\``,
  )
