import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

// The parts of Grafana's dashboard JSON that are used here; the rest is carried along unread.

export interface Target {
  readonly refId?: string
  readonly rawSql?: string
  readonly format?: string
}

export interface Panel {
  readonly id: number
  readonly type: string
  readonly title?: string
  readonly targets?: readonly Target[]
}

export interface Variable {
  readonly name: string
  readonly type: string
  readonly query?: unknown
  readonly multi?: boolean
  readonly includeAll?: boolean
}

export interface Dashboard {
  readonly uid: string
  readonly title: string
  readonly panels: readonly Panel[]
  readonly templating?: { readonly list?: readonly Variable[] }
}

/** The checked-in dashboards, read anew each time: what the files say is what is shown. */
export const dashboardsIn = async (folder: string): Promise<readonly Dashboard[]> => {
  const files = (await readdir(folder)).filter(name => name.endsWith('.json')).sort()
  return Promise.all(files.map(name => dashboardFrom(join(folder, name))))
}

const dashboardFrom = async (file: string): Promise<Dashboard> => {
  const read: unknown = JSON.parse(await readFile(file, 'utf8'))
  const { uid, title, panels } = (read ?? {}) as Partial<Dashboard>
  if (typeof uid !== 'string' || typeof title !== 'string' || !Array.isArray(panels))
    throw new Error(`${basename(file)} is no dashboard of Grafana: it needs uid, title and panels.`)
  return read as Dashboard
}
