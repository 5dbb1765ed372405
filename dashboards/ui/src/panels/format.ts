import type { FieldJson } from '../server/types.ts'
import type { Words } from '../text/index.ts'

/** A number in the unit that its panel has. */
export const shown = (value: number, { unit, decimals }: FieldJson, { language, count, short }: Words): string => {
  const digits = (most: number) => value.toLocaleString(language, { maximumFractionDigits: decimals ?? most })
  if (unit === 'percent') return `${digits(1)} %`
  if (unit === 's') return value < 1 ? `${digits(3)} s` : `${digits(1)} s`
  if (unit === 'short' || unit === undefined)
    return Math.abs(value) < 100_000 && Number.isInteger(value) ? count(value) : short(value)
  return digits(2)
}
