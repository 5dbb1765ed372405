// News make every view read anew at once. Server and page share a machine as often as not: two at a time leave room to draw.

const atOnceMax = 2
const waiting: (() => void)[] = []
let underWay = 0

/** Does this work when it is its turn. */
export const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
  if (underWay < atOnceMax) underWay++
  else await new Promise<void>(go => waiting.push(go))
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next === undefined) underWay--
    else next()
  }
}
