import { useState } from 'react'
import { send } from '../server/client.ts'
import type { DeadLetter, DeadLetterPage } from '../server/types.ts'
import { type Answer, useAnswer } from '../server/use-answer.ts'
import { Header } from '../shell/header.tsx'
import { Refresh } from '../shell/refresh.tsx'
import { setQuery, useRoute } from '../shell/route.ts'
import { States } from '../shell/states.tsx'
import { useWords } from '../text/index.ts'
import { LetterDrawer } from './letter-drawer.tsx'

interface Results {
  readonly results: readonly { readonly id: string; readonly redriven: boolean; readonly reason: string | null }[]
}

const pageSize = 50

/** What could not be processed: why, and a way back into the pipeline. */
export const LettersView = ({ mayRedrive }: { mayRedrive: boolean }) => {
  const { t } = useWords()
  const { query } = useRoute()
  const asked = new URLSearchParams({ limit: String(pageSize) })
  for (const name of ['topic', 'q', 'before']) {
    const value = query.get(name)
    if (value !== null) asked.set(name, value)
  }
  const answer = useAnswer<DeadLetterPage>(`/api/dead-letters?${asked}`)
  const opened = answer.data?.dead_letters.find(({ id }) => id === query.get('letter'))
  return (
    <>
      <Header title={t('deadLetters')} says={t('deadLettersSays')}>
        <Refresh />
      </Header>
      <List answer={answer} mayRedrive={mayRedrive} />
      {opened !== undefined && (
        <LetterDrawer
          letter={opened}
          mayRedrive={mayRedrive}
          onDone={answer.again}
          onClose={() => setQuery({ letter: undefined })}
        />
      )}
    </>
  )
}

const List = ({ answer, mayRedrive }: { answer: Answer<DeadLetterPage>; mayRedrive: boolean }) => {
  const { t, count } = useWords()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [said, setSaid] = useState('')
  const redrive = async () => {
    try {
      const { results } = await send<Results>('/api/dead-letters/redrive', { ids: [...chosen] })
      const refused = results.filter(({ redriven }) => !redriven)
      const good = t('redrivenMany', { count: count(results.length - refused.length) })
      const bad = t('notRedriven', { count: count(refused.length), reason: refused[0]?.reason ?? '' })
      setSaid(refused.length === 0 ? good : `${good} ${bad}`)
      setChosen(new Set())
    } catch (error) {
      setSaid((error as Error).message)
    }
    answer.again()
  }
  return (
    <div className="card list">
      <div className="filters letter-filters">
        <Topics topics={answer.data?.topics ?? []} />
        <Search />
        <button
          type="button"
          className="button main"
          disabled={!mayRedrive || chosen.size === 0}
          onClick={() => void redrive()}
        >
          {chosen.size === 0 ? t('redrive') : t('redriveMany', { count: chosen.size })}
        </button>
      </div>
      <p className="said-result" role="status">
        {said}
      </p>
      <States
        answer={answer}
        isEmpty={({ dead_letters }) => dead_letters.length === 0}
        empty={<p>{t('noDeadLetters')}</p>}
      >
        {({ dead_letters: letters }) => (
          <>
            <Letters letters={letters} chosen={chosen} onChoose={setChosen} />
            {letters.length === pageSize && (
              <nav className="pages" aria-label={t('deadLetters')}>
                <button type="button" className="button" onClick={() => setQuery({ before: letters.at(-1)!.id })}>
                  {t('more')}
                </button>
              </nav>
            )}
          </>
        )}
      </States>
    </div>
  )
}

const Search = () => {
  const { t } = useWords()
  const { query } = useRoute()
  const search = (text: string) => setQuery({ q: text, before: undefined })
  return (
    <input
      type="search"
      key={query.get('q')}
      defaultValue={query.get('q') ?? ''}
      maxLength={200}
      placeholder={t('search')}
      aria-label={t('search')}
      onKeyDown={event => event.key === 'Enter' && search(event.currentTarget.value)}
      onBlur={event => search(event.currentTarget.value)}
    />
  )
}

const Topics = ({ topics }: { topics: DeadLetterPage['topics'] }) => {
  const { t, count } = useWords()
  const { query } = useRoute()
  return (
    <select
      aria-label={t('topic')}
      value={query.get('topic') ?? ''}
      onChange={event => setQuery({ topic: event.target.value, before: undefined })}
    >
      <option value="">{t('allTopics')}</option>
      {topics.map(({ name, records }) => (
        <option key={name} value={name}>
          {name} ({count(records)})
        </option>
      ))}
    </select>
  )
}

interface Listed {
  readonly letters: readonly DeadLetter[]
  readonly chosen: ReadonlySet<string>
  readonly onChoose: (chosen: ReadonlySet<string>) => void
}

const Letters = ({ letters, chosen, onChoose }: Listed) => {
  const { t, ago, moment } = useWords()
  const toggle = (id: string) => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    onChoose(next)
  }
  const isAll = letters.every(({ id }) => chosen.has(id))
  return (
    <div className="scrolled">
      <table className="letters">
        <thead>
          <tr>
            <th scope="col">
              <input
                type="checkbox"
                aria-label={t('selectAll')}
                checked={isAll}
                onChange={() => onChoose(new Set(isAll ? [] : letters.map(({ id }) => id)))}
              />
            </th>
            <th scope="col">{t('why')}</th>
            <th scope="col">{t('topic')}</th>
            <th scope="col">{t('cameFrom')}</th>
            <th scope="col">{t('date')}</th>
          </tr>
        </thead>
        <tbody>
          {letters.map(letter => (
            <tr key={letter.id} className={letter.redriven_at === null ? undefined : 'done'}>
              <td>
                <input
                  type="checkbox"
                  aria-label={t('select', { name: letter.id })}
                  checked={chosen.has(letter.id)}
                  onChange={() => toggle(letter.id)}
                />
              </td>
              <td className="at-why">
                <button type="button" className="plain-link" onClick={() => setQuery({ letter: letter.id })}>
                  {letter.error.message}
                </button>
                <span className="faint">{letter.value ?? ''}</span>
              </td>
              <td>{letter.topic}</td>
              <td>{letter.origin === null ? '–' : `${letter.origin.topic} @${letter.origin.offset}`}</td>
              <td className="at-date">
                <time dateTime={letter.at} title={moment(letter.at)}>
                  {letter.redriven_at === null ? ago(letter.at) : t('redriven', { time: ago(letter.redriven_at) })}
                </time>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
