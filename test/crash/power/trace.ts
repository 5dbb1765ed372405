// Reads what strace wrote down about one file, and what the program told on its standard output.

/** `durable`: on disk when the call returned, by the flag that the file was opened with. */
export type Event =
  | { readonly kind: 'write'; readonly at: number; readonly bytes: Buffer; readonly durable: boolean }
  | { readonly kind: 'truncate'; readonly size: number }
  | { readonly kind: 'sync' }
  /** The folder notes that it has been made; before, nothing can have been acknowledged in it. */
  | { readonly kind: 'made' }
  | { readonly kind: 'acknowledged'; readonly number: number }

interface OpenFile {
  readonly durable: boolean
  position: number
}

/** The program must use ways of writing that this knows; another one would go unseen, so it is refused. */
export const readTrace = (text: string, file: string): Event[] => {
  const open = new Map<number, OpenFile>()
  const events: Event[] = []
  for (const line of whole(text.split('\n'))) {
    const call = /^\d+ +(\w+)\((.*)\) += (-?\d+)/s.exec(line)
    if (call === null) continue
    const [, name, args, result] = call as unknown as [string, string, string, string]
    if (Number(result) < 0) continue
    if (name === 'openat') {
      if (/O_CREAT/.test(args) && bytesOf(args).toString().endsWith('/log/made')) events.push({ kind: 'made' })
      if (bytesOf(args).toString().endsWith(`/${file}`))
        open.set(Number(result), { durable: /O_D?SYNC/.test(args), position: 0 })
      else open.delete(Number(result))
      continue
    }
    const handle = Number.parseInt(args, 10)
    if (name === 'close') open.delete(handle)
    const told = handle === 1 && /^write/.test(name) ? /^acknowledged (\d+)/.exec(bytesOf(args).toString()) : null
    if (told) events.push({ kind: 'acknowledged', number: Number(told[1]) })
    const target = open.get(handle)
    if (target !== undefined) events.push(...eventsOf(name, args, Number(result), target))
  }
  return events
}

/** Calls that were interrupted in the notes, put together again. */
function* whole(lines: readonly string[]): Generator<string> {
  const begun = new Map<string, string>()
  for (const line of lines) {
    const pid = line.slice(0, line.indexOf(' '))
    if (line.endsWith('<unfinished ...>')) begun.set(pid, line.slice(0, -' <unfinished ...>'.length))
    else if (/^\d+ +<\.\.\. /.test(line)) yield (begun.get(pid) ?? '') + line.replace(/^\d+ +<\.\.\. \w+ resumed>/, '')
    else yield line
  }
}

const bytesOf = (args: string): Buffer =>
  Buffer.concat(
    [...args.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex]) => Buffer.from(hex!.replaceAll('\\x', ''), 'hex')),
  )

function* eventsOf(name: string, args: string, result: number, file: OpenFile): Generator<Event> {
  if (name === 'fdatasync' || name === 'fsync') yield { kind: 'sync' }
  else if (name === 'ftruncate') yield { kind: 'truncate', size: lastNumber(args) }
  else if (name === 'lseek') file.position = result
  else if (/write/.test(name)) {
    const bytes = bytesOf(args)
    if (bytes.length !== result) throw new Error(`a ${name} of ${result} bytes was noted with ${bytes.length}`)
    const at = /^pwrite/.test(name) ? lastNumber(args) : file.position
    if (!/^pwrite/.test(name)) file.position += result
    yield { kind: 'write', at, bytes, durable: file.durable }
  } else if (!/close|read|stat|mmap|lock|fcntl/.test(name))
    throw new Error(`the trace has a ${name} on the file, which nobody reads here`)
}

const lastNumber = (args: string): number => Number(args.slice(args.lastIndexOf(',') + 1))
