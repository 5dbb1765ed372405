import { useWords } from '../text/index.ts'

/** Compared without case: whoever writes High means HIGH. */
const tones: Readonly<Record<string, string>> = {
  critical: 'red',
  high: 'red',
  medium: 'amber',
  low: 'green',
  bug: 'red',
  feature_request: 'blue',
  resolved: 'green',
  in_progress: 'blue',
  discord: 'indigo',
  email: 'teal',
  api: 'orange',
}

/** A value of a list of values, in its colour. */
export const Badge = ({ value, isDot = false }: { value: string | null; isDot?: boolean }) => {
  const { name } = useWords()
  if (value === null) return <span className="faint">–</span>
  return <span className={`badge ${tones[value.toLowerCase()] ?? 'grey'}${isDot ? ' dotted' : ''}`}>{name(value)}</span>
}
