import { useEffect, useState } from 'react'
import { useAnswer } from '../server/use-answer.ts'
import { Icon } from '../shell/icon.tsx'
import { setQuery, useRoute } from '../shell/route.ts'
import { useWords } from '../text/index.ts'

export const filterNames = ['origin', 'category', 'priority', 'type', 'status', 'department'] as const
export type FilterName = (typeof filterNames)[number]

interface Kpis {
  readonly by_origin: readonly Share[]
  readonly by_category: readonly Share[]
  readonly by_priority: readonly Share[]
  readonly by_type: readonly Share[]
}
interface Share {
  readonly name: string
}
interface Summary {
  readonly by_department: Readonly<Record<string, number>>
  readonly by_status: Readonly<Record<string, number>>
}

const searchPauseMs = 250

/** What the list is narrowed to; it stands in the address. */
export const Filters = () => {
  const words = useWords()
  const { query } = useRoute()
  const { data: kpis } = useAnswer<Kpis>('/api/kpis')
  const { data: summary } = useAnswer<Summary>('/api/dashboard/summary')
  const names = (list: readonly Share[] | undefined) => list?.map(({ name }) => name).sort() ?? []
  const options: Readonly<Record<FilterName, readonly string[]>> = {
    origin: names(kpis?.by_origin),
    category: names(kpis?.by_category),
    priority: names(kpis?.by_priority),
    type: names(kpis?.by_type),
    status: Object.keys(summary?.by_status ?? {}).sort(),
    department: Object.keys(summary?.by_department ?? {})
      .filter(name => name !== 'none')
      .sort(),
  }
  const set = (name: string, value: string) => setQuery({ [name]: value, cursor: undefined, offset: undefined })
  const isFiltered = [...filterNames, 'q', 'since'].some(name => query.has(name))
  return (
    <search className="filters">
      <Search onSearch={text => set('q', text)} text={query.get('q') ?? ''} />
      {filterNames.map(name => {
        const value = query.get(name) ?? ''
        return (
          <select
            key={name}
            aria-label={words.t(name)}
            className={value === '' ? undefined : 'set'}
            value={value}
            onChange={event => set(name, event.target.value)}
          >
            <option value="">{words.t(name)}</option>
            {[...new Set([...options[name], ...(value === '' ? [] : [value])])].map(option => (
              <option key={option} value={option}>
                {words.name(option)}
              </option>
            ))}
          </select>
        )
      })}
      {isFiltered && (
        <button
          type="button"
          className="quiet"
          onClick={() =>
            setQuery(
              Object.fromEntries([...filterNames, 'q', 'since', 'cursor', 'offset'].map(name => [name, undefined])),
            )
          }
        >
          {words.t('clear')}
        </button>
      )}
    </search>
  )
}

/** Asks when somebody pauses, not at every letter. */
const Search = ({ text, onSearch }: { text: string; onSearch: (text: string) => void }) => {
  const { t } = useWords()
  const [typed, setTyped] = useState(text)
  useEffect(() => setTyped(text), [text])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed begins a search
  useEffect(() => {
    if (typed === text) return
    const timer = setTimeout(() => onSearch(typed), searchPauseMs)
    return () => clearTimeout(timer)
  }, [typed])
  return (
    <div className="searchbox">
      <Icon name="search" />
      <input
        type="search"
        maxLength={200}
        value={typed}
        onChange={event => setTyped(event.target.value)}
        placeholder={t('searchHint')}
        aria-label={t('search')}
      />
    </div>
  )
}
