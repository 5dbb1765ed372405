/** One measured figure, with its goal where it has one. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly goal: string | undefined
  readonly met: boolean | undefined
}

export interface Goal {
  readonly least?: number
  readonly most?: number
}

export const figure = (name: string, value: number, unit: string, goal?: Goal): Figure => {
  const met =
    goal && value >= (goal.least ?? Number.NEGATIVE_INFINITY) && value <= (goal.most ?? Number.POSITIVE_INFINITY)
  const text = goal && (goal.least === undefined ? `<= ${goal.most}` : `>= ${goal.least}`)
  return { name, value, unit, goal: text, met }
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
