import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** What a caller may do: each role may do what those before it may. */
export const roles = ['read', 'write', 'admin'] as const
export type Role = (typeof roles)[number]

/** A token as it is kept: without the token. */
export interface Token {
  readonly name: string
  readonly role: Role
  /** SHA-256 in hex. */
  readonly hash: string
}

const tokenBytes = 32

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')

/** A token for a person or a program, shown once; only `kept` is stored. */
export const newToken = (name: string, role: Role): { readonly token: string; readonly kept: Token } => {
  const token = `franz_${randomBytes(tokenBytes).toString('base64url')}`
  return { token, kept: { name, role, hash: hashOf(token) } }
}

/** Reads `name:role:hash` by line or comma, as a setting or a file keeps tokens. */
export const tokensFrom = (text: string): readonly Token[] =>
  text
    .split(/[\n,]/)
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
    .map((line, index) => {
      const [name = '', role, hash = ''] = line.split(':')
      if (name === '' || !roles.includes(role as Role) || !/^[0-9a-f]{64}$/.test(hash))
        throw new Error(
          `token ${index + 1} is not written as NAME:ROLE:HASH, with a role of ${roles.join(', ')} and a SHA-256 in hex.`,
        )
      return { name, role: role as Role, hash }
    })

/** Whose token this is. Every kept one is compared, each in constant time. */
export const ownerOf = (token: string, kept: readonly Token[]): Token | undefined => {
  const hash = Buffer.from(hashOf(token), 'hex')
  let owner: Token | undefined
  for (const known of kept) if (timingSafeEqual(hash, Buffer.from(known.hash, 'hex'))) owner = known
  return owner
}

export const allows = (has: Role, needed: Role): boolean => roles.indexOf(has) >= roles.indexOf(needed)
