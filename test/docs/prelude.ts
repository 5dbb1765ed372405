// What the examples of the library's comments take for granted: a desk with its tickets, a shop, a few figures.
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'vitest'
import type {
  Call,
  Change,
  Draft,
  ErrorReport,
  Format,
  GlobalTable,
  LockFile,
  OpenWindows,
  Place,
  Registry,
  SessionGroup,
  Stream,
  Table,
  Topic,
  Topology,
  Windowed,
  WindowedGroup,
} from '../../topology/index.ts'
import type { Drive, OutsideSink, OutsideSource, SinkSubject, SourceSubject } from '../../topology/testing.ts'

export { readFileSync, test, writeFileSync }

export interface Ticket {
  readonly id: string
  readonly customer: string
  readonly country: string
  readonly subject: string
  readonly body: string
  readonly priority: 'High' | 'Low'
  readonly date: number
}
export interface Label {
  readonly category: string
}
export interface Mail {
  readonly messageId: string
}
export interface Customer {
  readonly name: string
  readonly tier: string
  readonly active: boolean
}
export interface Account {
  readonly account: string
  readonly cents: number
}
export type Both = Customer & Account
export interface Order {
  readonly customer: string
  readonly count: number
  readonly amount: number
}
export type OrderWithTier = Order & { readonly tier: string }
export interface Price {
  readonly cents: number
}
export interface Country {
  readonly language: string
}

export declare const draft: Draft
export declare const stream: Stream<string, Ticket>
export declare const wordCount: Topology
export declare const copy: Topology
export declare const desk: Topology

export declare const lines: Topic<string, string>
export declare const copies: Topic<string, string>
export declare const wordCounts: Topic<string, number>
export declare const errors: Topic<string, ErrorReport>
export declare const ticketsFormatted: Topic<string, Ticket>
export declare const ticketsLabeled: Topic<string, Ticket & Label>
export declare const ticketEvents: Topic<string, { readonly at: number }>
export declare const mailTopic: Topic<string, Mail>
export declare const ticketsDlq: Topic<Uint8Array, Uint8Array>
export declare const ticketsLate: Topic<Uint8Array, Uint8Array>
export declare const customersTopic: Topic<string, Customer>
export declare const pricesTopic: Topic<string, Price>
export declare const countriesTopic: Topic<string, Country>
export declare const reports: Topic<string, number>
export declare const finalCounts: Topic<Windowed<string>, number>

export declare const tickets: Stream<string, Ticket>
export declare const labelled: Stream<string, Ticket & Label>
export declare const unfit: Stream<string, Ticket>
export declare const spam: Stream<string, Ticket>
export declare const fromMail: Stream<string, Ticket>
export declare const fromDiscord: Stream<string, Ticket>
export declare const replies: Stream<string, string>
export declare const mails: Stream<string, Mail>
export declare const words: Stream<string, string>
export declare const sales: Stream<string, Order>
export declare const orders: Stream<string, Order>
export declare const payments: Stream<string, { readonly amount: number }>
export declare const readings: Stream<string, number>
export declare const logins: Stream<string, string>
export declare const clicks: Stream<string, string>

export declare const counts: Table<string, number>
export declare const customers: Table<string, Customer>
export declare const accounts: Table<string, Account>
export declare const amounts: Table<string, Account>
export declare const openOrders: Table<string, Order>
export declare const prices: Table<string, Price>
export declare const countries: GlobalTable<string, Country>
export declare const perHour: OpenWindows<string, number, Stream<string, Ticket>>
export declare const hours: WindowedGroup<string, Order>
export declare const visits: SessionGroup<string, string>

export declare const ticketFormat: Format<Ticket>
export declare const labeledTicket: Format<Ticket & Label>
export declare const pages: Format<readonly string[]>
export declare const file: Format<readonly string[]>
export declare const init: () => readonly string[]
export declare const addTicket: (file: readonly string[], ticket: Ticket) => readonly string[]
export declare const addReply: (file: readonly string[], reply: string) => readonly string[]
export declare const labeller: Call<{ body: string }, Label>
export declare const keywordLabel: (body: string) => Label
export declare const withoutSpam: (stream: Stream<string, Ticket>) => Stream<string, Ticket>
export declare const seen: string[]

export declare const world: Drive
export declare const newInbox: () => Promise<OutsideSource>
export declare const newOutbox: () => Promise<OutsideSink>
export declare const inboxes: SourceSubject
export declare const outboxes: SinkSubject
export declare const deployed: LockFile
export declare const changes: readonly Change[]
export declare const clock: { now(): number }
export declare const place: Place
export declare const registry: Registry
