import { memo } from '../http/memo.ts'
import { badField, Problem } from '../http/problem.ts'
import { limits } from '../limits.ts'
import type { Database } from '../ports.ts'
import { answerOf, type PanelAnswer } from './answer.ts'
import { type Dashboard, dashboardsIn, type Variable } from './dashboard.ts'
import { expanded } from './macros.ts'
import { type Range, rangeFrom } from './range.ts'

export interface PanelQuery {
  readonly from: string
  readonly to: string
  readonly interval_ms?: number
  /** `var-NAME`: the chosen values, with commas between them; missing: all. */
  readonly [variable: `var-${string}`]: string
}

/** Values of a variable that a panel may be asked for at most. */
const valuesMax = 100

const none: Range = { from: new Date(0), to: new Date(0), intervalMs: 1_000 }

/** Answers the panels of the checked-in dashboards: a request names a panel, and the SQL is the file's. */
export class Board {
  readonly #folder: string
  readonly #database: Database
  readonly #answers = memo<PanelAnswer>(limits.figuresKeptMs)
  readonly #options = memo<readonly string[]>(10_000)

  constructor(folder: string, database: Database) {
    this.#folder = folder
    this.#database = database
  }

  dashboards(): Promise<readonly Dashboard[]> {
    return dashboardsIn(this.#folder)
  }

  async dashboard(uid: string): Promise<Dashboard> {
    const found = (await this.dashboards()).find(dashboard => dashboard.uid === uid)
    if (found === undefined) throw new Problem(404, 'Not found', `There is no dashboard ${uid}.`)
    return found
  }

  async options(uid: string, name: string): Promise<readonly string[]> {
    const variable = variablesOf(await this.dashboard(uid)).find(one => one.name === name)
    if (variable === undefined) throw new Problem(404, 'Not found', `Dashboard ${uid} has no variable ${name}.`)
    return this.#optionsOf(uid, variable)
  }

  async panel(uid: string, id: number, query: PanelQuery): Promise<PanelAnswer> {
    const dashboard = await this.dashboard(uid)
    const rawSql = dashboard.panels.find(panel => panel.id === id)?.targets?.[0]?.rawSql
    if (rawSql === undefined) throw new Problem(404, 'Not found', `Dashboard ${uid} has no panel ${id} with a query.`)
    const range = rangeFrom(query.from, query.to, query.interval_ms)
    const chosen = await this.#chosen(dashboard, query)
    return this.#answers(JSON.stringify([rawSql, query]), async () => {
      const { sql, parameters, fill = null } = expanded(rawSql, range, chosen)
      const table = answerOf(await this.#database.read(sql, parameters), limits.panelRowsMax)
      const [from, to] = [range.from.toISOString(), range.to.toISOString()]
      return { ...table, from, to, interval_ms: range.intervalMs, fill }
    })
  }

  async #chosen(dashboard: Dashboard, query: PanelQuery): Promise<ReadonlyMap<string, readonly string[]>> {
    const variables = variablesOf(dashboard)
    const strange = Object.keys(query).find(
      name => name.startsWith('var-') && !variables.some(variable => name === `var-${variable.name}`),
    )
    if (strange !== undefined) throw badField(strange, `is no variable of dashboard ${dashboard.uid}`)
    const chosen = variables.map(async variable => {
      const given = query[`var-${variable.name}`]
      const values = given?.split(',') ?? (await this.#optionsOf(dashboard.uid, variable))
      if (values.length > valuesMax && given !== undefined)
        throw badField(`var-${variable.name}`, `may have ${valuesMax} values`)
      return [variable.name, values] as const
    })
    return new Map(await Promise.all(chosen))
  }

  #optionsOf(uid: string, { name, query }: Variable): Promise<readonly string[]> {
    return this.#options(`${uid} ${name} ${String(query)}`, async () => {
      const { sql, parameters } = expanded(String(query), none, new Map())
      const { columns, rows } = answerOf(await this.#database.read(sql, parameters), limits.panelRowsMax)
      return columns.length === 0 ? [] : rows.map(([value]) => String(value))
    })
  }
}

/** Variables that choose values; which data source is asked is Grafana's own affair. */
const variablesOf = ({ templating }: Dashboard): readonly Variable[] =>
  templating?.list?.filter(({ type }) => type === 'query') ?? []
