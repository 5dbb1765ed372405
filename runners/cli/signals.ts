/** Resolves at Ctrl-C or SIGTERM. A second Ctrl-C ends the process as ever. */
export const untilSignal = (): Promise<NodeJS.Signals> =>
  new Promise(resolve => {
    const signals = ['SIGINT', 'SIGTERM'] as const
    const heard = (signal: NodeJS.Signals) => {
      for (const each of signals) process.off(each, heard)
      resolve(signal)
    }
    for (const signal of signals) process.on(signal, heard)
  })
