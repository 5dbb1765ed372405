const againMs = 2_000

/** A part of the page that is loaded when it is needed: a server that is away just then costs that part for a while, not the page. */
export const untilLoaded = async <T>(load: () => Promise<T>): Promise<T> => {
  for (;;)
    try {
      return await load()
    } catch {
      await new Promise(done => setTimeout(done, againMs))
    }
}
