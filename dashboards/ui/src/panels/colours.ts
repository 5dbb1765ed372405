import type { PanelJson } from '../server/types.ts'

/** Told apart by people who see colours differently, on light and on dark. */
const palette = [
  '#3E7BFA',
  '#12A594',
  '#F5A524',
  '#8E5BE8',
  '#E5484D',
  '#5B8C5A',
  '#D6409F',
  '#6B7A90',
  '#0091C2',
  '#B5651D',
]

/** The colour of a name in a panel: as the panel says, else one of the palette, by its place. */
export const colourOf = ({ fieldConfig }: PanelJson, name: string, place: number): string => {
  const own = fieldConfig?.overrides?.find(({ matcher }) => matcher.id === 'byName' && matcher.options === name)
  const colour = own?.properties.find(({ id }) => id === 'color')?.value as { fixedColor?: string } | undefined
  if (colour?.fixedColor !== undefined) return colour.fixedColor
  const { mode, fixedColor } = fieldConfig?.defaults?.color ?? {}
  return mode === 'fixed' && fixedColor !== undefined ? fixedColor : palette[place % palette.length]!
}

/** The colour of the highest step that a value has reached. */
export const stepColour = ({ fieldConfig }: PanelJson, value: number): string | undefined => {
  const { color, thresholds } = fieldConfig?.defaults ?? {}
  if (color?.mode === 'fixed') return color.fixedColor
  return thresholds?.steps?.findLast(step => step.value === null || value >= step.value)?.color
}
