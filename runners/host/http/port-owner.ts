import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** The process that listens on a port of this machine, as far as this user may know; Linux only. */
export const portOwner = (port: number): { readonly pid: number; readonly command: string } | undefined => {
  try {
    const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap(file => listeners(file, port)))
    const pid = inodes.size === 0 ? undefined : readdirSync('/proc').find(entry => holds(entry, inodes))
    if (pid === undefined) return undefined
    return { pid: Number(pid), command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() }
  } catch {
    // Another system than Linux: there is nothing to read.
    return undefined
  }
}

const listening = '0A'

const listeners = (file: string, port: number): string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .slice(1)
    .map(line => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === listening && Number.parseInt(local!.split(':').at(-1)!, 16) === port)
    .map(fields => `socket:[${fields[9]}]`)

const holds = (pid: string, sockets: ReadonlySet<string>): boolean => {
  if (!/^\d+$/.test(pid)) return false
  try {
    return readdirSync(`/proc/${pid}/fd`).some(descriptor => sockets.has(linkOf(`/proc/${pid}/fd/${descriptor}`)))
  } catch {
    // It belongs to another user, or has just ended.
    return false
  }
}

const linkOf = (path: string): string => {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

/** What to say of a port that is taken. */
export const portTaken = (port: number, flag: string): string => {
  const owner = portOwner(port)
  const by = owner === undefined ? 'another process' : `process ${owner.pid} (${owner.command.slice(0, 120)})`
  return `port ${port} is taken by ${by}. Choose another with ${flag}, or 0 for a free one.`
}
