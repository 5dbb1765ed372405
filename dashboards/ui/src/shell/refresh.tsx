import { news } from '../server/live.ts'
import { useStore } from '../server/store.ts'
import { refreshMs, setRefresh } from '../server/use-answer.ts'
import { useWords } from '../text/index.ts'
import { Icon } from './icon.tsx'

const choices = [5_000, 10_000, 30_000, 60_000, 0] as const

/** How often the page reads anew by the clock; events are shown at once in any case. */
export const Refresh = () => {
  const { t } = useWords()
  const every = useStore(refreshMs)
  return (
    <div className="joined">
      <button
        type="button"
        className="button"
        aria-label={t('refreshNow')}
        title={t('refreshNow')}
        onClick={() => news.set(news.get() + 1)}
      >
        <Icon name="refresh" />
      </button>
      <select aria-label={t('refresh')} value={every} onChange={event => setRefresh(Number(event.target.value))}>
        {choices.map(ms => (
          <option key={ms} value={ms}>
            {ms === 0 ? t('refreshOff') : ms < 60_000 ? `${ms / 1_000} s` : `${ms / 60_000} min`}
          </option>
        ))}
      </select>
    </div>
  )
}
