import { type FormEvent, useState } from 'react'
import { Icon } from '../shell/icon.tsx'
import { Menu } from '../shell/menu.tsx'
import { go, useRoute } from '../shell/route.ts'
import { useWords } from '../text/index.ts'

const key = 'franz-views'

interface View {
  readonly name: string
  readonly query: string
}

const stored = (): readonly View[] => {
  const read: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
  return Array.isArray(read)
    ? (read as View[]).filter(({ name, query }) => typeof name === 'string' && typeof query === 'string')
    : []
}

/** Filters by a name, kept in this browser. */
export const SavedViews = () => {
  const { t } = useWords()
  const { query } = useRoute()
  const [views, setViews] = useState(stored)
  const [name, setName] = useState('')
  const keep = (next: readonly View[]) => {
    localStorage.setItem(key, JSON.stringify(next))
    setViews(next)
  }
  const save = (event: FormEvent) => {
    event.preventDefault()
    const kept = new URLSearchParams(query)
    for (const passing of ['cursor', 'offset', 'ticket']) kept.delete(passing)
    keep([...views.filter(view => view.name !== name), { name, query: kept.toString() }])
    setName('')
  }
  return (
    <Menu
      label={
        <>
          <Icon name="bookmark" /> {t('savedViews')}
        </>
      }
    >
      <ul className="views">
        {views.map(view => (
          <li key={view.name}>
            <button type="button" className="quiet" onClick={() => go(`/tickets?${view.query}`)}>
              {view.name}
            </button>
            <button
              type="button"
              className="quiet"
              aria-label={t('remove', { name: view.name })}
              onClick={() => keep(views.filter(other => other !== view))}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
      <form onSubmit={save} className="joined">
        <input
          required
          maxLength={40}
          value={name}
          onChange={event => setName(event.target.value)}
          placeholder={t('viewName')}
          aria-label={t('viewName')}
        />
        <button type="submit" className="button">
          {t('saveView')}
        </button>
      </form>
    </Menu>
  )
}
