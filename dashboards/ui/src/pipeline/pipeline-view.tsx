import { useMemo } from 'react'
import type { PipelineAnswer } from '../server/types.ts'
import { useAnswer } from '../server/use-answer.ts'
import { Header } from '../shell/header.tsx'
import { Refresh } from '../shell/refresh.tsx'
import { setQuery, useRoute } from '../shell/route.ts'
import { States } from '../shell/states.tsx'
import { useWords } from '../text/index.ts'
import { Drawing } from './drawing.tsx'
import { flowOf } from './flow.ts'
import { Steps } from './steps.tsx'

/** The topologies at work: how they hang together, how fast records run, and where they wait. */
export const PipelineView = () => {
  const { t } = useWords()
  const answer = useAnswer<PipelineAnswer>('/api/pipeline')
  return (
    <>
      <Header title={t('pipeline')} says={t('pipelineSays')}>
        <Refresh />
      </Header>
      <States
        answer={answer}
        waiting={<div className="skeleton tall" />}
        isEmpty={({ topologies }) => topologies.length === 0}
        empty={<p>{t('noPipeline')}</p>}
      >
        {data => <Running data={data} />}
      </States>
    </>
  )
}

export default PipelineView

const Running = ({ data }: { data: PipelineAnswer }) => {
  const { t } = useWords()
  const { query } = useRoute()
  const withFailures = query.has('failures')
  const flow = useMemo(() => flowOf(data, withFailures), [data, withFailures])
  const chosen = query.get('service') ?? undefined
  const description = data.topologies.find(({ topology }) => topology === chosen)
  return (
    <>
      <section className="card pipeline">
        <ul className="legend">
          {(['Topic', 'Service', 'Dead', 'Connector'] as const).map(kind => (
            <li key={kind}>
              <span className={`swatch ${kind.toLowerCase()}`} />
              {t(`legend${kind}`)}
            </li>
          ))}
          <li className="option">
            <label>
              <input
                type="checkbox"
                checked={withFailures}
                onChange={() => setQuery({ failures: withFailures ? undefined : '1' })}
              />
              {t('withFailures')}
            </label>
          </li>
        </ul>
        <Drawing
          flow={flow}
          chosen={chosen}
          onChoose={name => setQuery({ service: name === chosen ? undefined : name })}
        />
      </section>
      <section className="card steps" aria-labelledby="steps-title">
        {description === undefined ? (
          <p className="faint">{t('chooseService')}</p>
        ) : (
          <Steps of={description} data={data} />
        )}
      </section>
      <Tables data={data} />
    </>
  )
}

const Tables = ({ data }: { data: PipelineAnswer }) => {
  const { t, count, short } = useWords()
  const maybe = (value: number | null) => (value === null ? '–' : short(value))
  return (
    <div className="figures">
      <Figures
        title={t('topics')}
        heads={[t('topic'), t('records'), t('perSecond')]}
        rows={data.topics.map(({ name, records, per_second }) => [name, count(records), maybe(per_second)])}
      />
      <Figures
        title={t('lag')}
        heads={[t('services'), t('topic'), t('lag')]}
        rows={data.readers.map(({ group, topic, lag }) => [group, topic, count(lag)])}
      />
      <Figures
        title={t('stores')}
        heads={[t('services'), t('stores'), t('keys'), t('size')]}
        rows={data.stores.map(({ topology, name, keys, bytes }) => [topology, name, maybe(keys), maybe(bytes)])}
      />
      <Figures
        title={t('calls')}
        heads={[t('services'), t('calls'), t('pending')]}
        rows={data.calls.map(({ topology, name, pending }) => [topology, name, count(pending)])}
      />
    </div>
  )
}

interface Listed {
  readonly title: string
  readonly heads: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

const Figures = ({ title, heads, rows }: Listed) => {
  const { t } = useWords()
  return (
    <section className="card">
      <h2>{title}</h2>
      {rows.length === 0 ? (
        <p className="faint">{t('nothing')}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <section className="scrolled" tabIndex={0} aria-label={title}>
          <table className="plain">
            <thead>
              <tr>
                {heads.map((head, at) => (
                  <th key={head} scope="col" className={isFigure(rows, at) ? 'right' : undefined}>
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(row => (
                <tr key={row.slice(0, 2).join(' ')}>
                  {row.map((cell, at) => (
                    <td key={heads[at]} className={isFigure(rows, at) ? 'right' : undefined}>
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  )
}

const isFigure = (rows: Listed['rows'], column: number): boolean => /^[\d–]/.test(rows[0]?.[column] ?? '')
