import type { PanelJson } from '../server/types.ts'
import type { Words } from '../text/index.ts'
import { stepColour } from './colours.ts'
import { shown } from './format.ts'

const radius = 42
const length = Math.PI * radius

/** A value on a half circle from the panel's least to its greatest. */
export const Gauge = ({ panel, value, words }: { panel: PanelJson; value: number | null; words: Words }) => {
  const field = panel.fieldConfig?.defaults ?? {}
  const { min, max } = { min: field.min ?? 0, max: field.max ?? 100 }
  const share = value === null ? 0 : Math.min(1, Math.max(0, (value - min) / (max - min)))
  const text = value === null ? (field.noValue ?? '–') : shown(value, field, words)
  const arc = `M ${50 - radius} 50 A ${radius} ${radius} 0 0 1 ${50 + radius} 50`
  return (
    <div className="gauge-inside">
      <svg viewBox="0 0 100 56" role="img" aria-label={`${words.name(panel.title ?? '')}: ${text}`}>
        <path className="track" d={arc} />
        <path
          className="value"
          d={arc}
          stroke={stepColour(panel, value ?? min)}
          strokeDasharray={`${share * length} ${length}`}
        />
        <text x="50" y="48">
          {text}
        </text>
      </svg>
    </div>
  )
}
