/** One Ctrl-C may come twice, from the terminal and from whoever started us: only a later one is a second. */
const sameMs = 1_000
/** What a shell says of a process that Ctrl-C has ended. */
const interrupted = 130

/** Resolves at Ctrl-C or SIGTERM. A second one, when stopping takes too long for whoever asked, ends the process at once. */
export const untilSignal = (): Promise<NodeJS.Signals> =>
  new Promise(resolve => {
    let firstMs: number | undefined
    const heard = (signal: NodeJS.Signals) => {
      if (firstMs !== undefined && performance.now() - firstMs > sameMs) process.exit(interrupted)
      firstMs ??= performance.now()
      resolve(signal)
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, heard)
  })
