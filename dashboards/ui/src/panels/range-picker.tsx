import { setQuery } from '../shell/route.ts'
import { useWords } from '../text/index.ts'

const ranges = [
  ['now-15m', 'minutes', 15],
  ['now-1h', 'hours', 1],
  ['now-6h', 'hours', 6],
  ['now-24h', 'hours', 24],
  ['now-7d', 'days', 7],
  ['now-30d', 'days', 30],
  ['now-365d', 'days', 365],
] as const

/** Over which time the panels are asked. */
export const RangePicker = ({ from, to }: { from: string; to: string }) => {
  const { t } = useWords()
  const isKnown = to === 'now' && ranges.some(([start]) => start === from)
  return (
    <select
      aria-label={t('range')}
      value={isKnown ? from : ''}
      onChange={event => setQuery({ from: event.target.value, to: undefined })}
    >
      {!isKnown && <option value="">{`${from} – ${to}`}</option>}
      {ranges.map(([start, unit, count]) => (
        <option key={start} value={start}>
          {t('last', { time: count === 1 ? t('hour') : t(unit, { count }) })}
        </option>
      ))}
    </select>
  )
}
