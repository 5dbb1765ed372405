import type { Registry } from '../../../topology/index.ts'

/** A registry in memory that counts what it is asked. */
export class StubRegistry implements Registry {
  readonly schemas = new Map<number, string>()
  readonly asked: number[] = []

  async idOf(_subject: string, schema: string): Promise<number> {
    for (const [id, known] of this.schemas) if (known === schema) return id
    const id = this.schemas.size + 1
    this.schemas.set(id, schema)
    return id
  }

  async schemaOf(id: number): Promise<string | undefined> {
    this.asked.push(id)
    return this.schemas.get(id)
  }
}

export const ticketSchema = JSON.stringify({
  type: 'record',
  name: 'Ticket',
  namespace: 'desk',
  fields: [
    { name: 'id', type: { type: 'string', logicalType: 'uuid' } },
    {
      name: 'contact',
      type: {
        type: 'record',
        name: 'Contact',
        fields: [
          { name: 'name', type: 'string' },
          { name: 'mail', type: ['null', 'string'], default: null },
        ],
      },
    },
    { name: 'origin', type: { type: 'enum', name: 'Origin', symbols: ['Discord', 'Mail', 'API'] } },
    { name: 'date', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'subject', type: 'string' },
    { name: 'body', type: 'string' },
    { name: 'priority', type: 'int', default: 0 },
    { name: 'tags', type: { type: 'array', items: 'string' }, default: [] },
  ],
})

export interface Ticket {
  readonly id: string
  readonly contact: { readonly name: string; readonly mail: string | null }
  readonly origin: 'Discord' | 'Mail' | 'API'
  readonly date: number
  readonly subject: string
  readonly body: string
  readonly priority: number
  readonly tags: readonly string[]
}

export const aTicket: Ticket = {
  id: '3b241101-e2bb-4255-8caf-4136c566a962',
  contact: { name: 'Ada', mail: 'ada@example.org' },
  origin: 'Mail',
  date: 1_760_000_000_000,
  subject: 'The printer is on fire',
  body: 'Since this morning it prints only in red, and the paper comes out warm. Please help!',
  priority: 2,
  tags: ['printer', 'fire'],
}
