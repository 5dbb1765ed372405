import type { Description } from '../../../../topology/index.ts'
import type { PanelAnswer } from '../../../api/panels/answer.ts'
import type { DeadLetter, PipelineFigures } from '../../../api/ports.ts'
import type { TicketResource } from '../../../api/tickets/resource.ts'

// What the server answers, in its own words.

export type { DeadLetter, Description, PanelAnswer, PipelineFigures }
export type Ticket = TicketResource

export interface TicketPage {
  readonly total: number
  readonly tickets: readonly Ticket[]
  readonly next: string | null
}

export interface TicketStory extends Ticket {
  readonly answer: string | null
  readonly history: readonly {
    readonly at: string
    readonly event: string
    readonly details: Record<string, unknown>
  }[]
}

export interface PipelineAnswer extends PipelineFigures {
  readonly topologies: readonly Description[]
}

export interface DeadLetterPage {
  readonly topics: readonly { readonly name: string; readonly records: number }[]
  readonly dead_letters: readonly DeadLetter[]
}

export interface Session {
  readonly role: 'read' | 'write' | 'admin' | null
  readonly tokens: boolean
}

/** The parts of a panel in Grafana's JSON that are drawn here. */
export interface PanelJson {
  readonly id: number
  readonly type: string
  readonly title?: string
  readonly description?: string
  readonly gridPos?: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly fieldConfig?: {
    readonly defaults?: FieldJson
    readonly overrides?: readonly {
      readonly matcher: { readonly id: string; readonly options?: unknown }
      readonly properties: readonly { readonly id: string; readonly value?: unknown }[]
    }[]
  }
  readonly options?: Readonly<Record<string, unknown>>
}

export interface FieldJson {
  readonly unit?: string
  readonly decimals?: number
  readonly min?: number
  readonly max?: number
  readonly noValue?: string
  readonly color?: { readonly mode?: string; readonly fixedColor?: string }
  readonly thresholds?: { readonly steps?: readonly { readonly value: number | null; readonly color: string }[] }
  readonly custom?: Readonly<Record<string, unknown>>
}

export interface DashboardJson {
  readonly uid: string
  readonly title: string
  readonly description?: string
  readonly panels: readonly PanelJson[]
  readonly time?: { readonly from: string; readonly to: string }
  readonly templating?: {
    readonly list?: readonly { readonly name: string; readonly type: string; readonly label?: string }[]
  }
}
