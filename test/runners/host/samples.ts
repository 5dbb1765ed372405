/** Every sample of a text in Prometheus' format, by its name and labels. */
export const samplesOf = (body: string): ReadonlyMap<string, number> =>
  new Map(
    body
      .split('\n')
      .filter(line => line !== '' && !line.startsWith('#'))
      .map(line => {
        const at = line.lastIndexOf(' ')
        return [line.slice(0, at), Number(line.slice(at + 1))] as const
      }),
  )
