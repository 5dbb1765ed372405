import type { DashboardJson } from '../server/types.ts'
import { useAnswer } from '../server/use-answer.ts'
import { Header } from '../shell/header.tsx'
import { Refresh } from '../shell/refresh.tsx'
import { go, useRoute } from '../shell/route.ts'
import { States } from '../shell/states.tsx'
import type { TextKey } from '../text/index.ts'
import { useWords } from '../text/index.ts'
import { Panel } from './panel.tsx'
import { RangePicker } from './range-picker.tsx'
import { VariablePicker } from './variable-picker.tsx'

const titles: Readonly<Record<string, TextKey>> = {
  'franz-desk': 'overview',
  'franz-labels': 'labels',
  'franz-operation': 'operation',
}

/** By which filter of the list a panel's name leads to its tickets. */
const columns: Readonly<Record<string, string>> = {
  Categories: 'category',
  Platforms: 'origin',
  Types: 'type',
  Priorities: 'priority',
  Departments: 'department',
}

/** A checked-in dashboard: its panels where they are placed, over the time and of the values that are chosen. */
export const DashboardView = ({ uid }: { uid: string }) => {
  const { t } = useWords()
  const { query } = useRoute()
  const answer = useAnswer<DashboardJson>(`/api/dashboards/${encodeURIComponent(uid)}`)
  const from = query.get('from') ?? answer.data?.time?.from ?? 'now-24h'
  const to = query.get('to') ?? answer.data?.time?.to ?? 'now'
  const variables = answer.data?.templating?.list?.filter(({ type }) => type === 'query') ?? []
  const asked = new URLSearchParams({ from, to })
  for (const { name } of variables) {
    const chosen = query.get(`var-${name}`)
    if (chosen !== null) asked.set(`var-${name}`, chosen)
  }
  const title = titles[uid]
  return (
    <>
      <Header title={title === undefined ? (answer.data?.title ?? '') : t(title)}>
        {variables.map(({ name, label }) => (
          <VariablePicker key={name} uid={uid} name={name} label={label ?? name} />
        ))}
        <RangePicker from={from} to={to} />
        <Refresh />
      </Header>
      <States answer={answer} waiting={<div className="skeleton tall" />}>
        {({ panels }) => (
          <div className="board">
            {panels.map(panel => (
              <Panel
                key={panel.id}
                panel={panel}
                path={`/api/dashboards/${encodeURIComponent(uid)}/panels/${panel.id}?${asked}`}
                onChoose={({ title: chosen }, name) => {
                  const column = columns[chosen ?? '']
                  if (column !== undefined) go(`/tickets?${new URLSearchParams({ [column]: name })}`)
                }}
              />
            ))}
          </div>
        )}
      </States>
    </>
  )
}
