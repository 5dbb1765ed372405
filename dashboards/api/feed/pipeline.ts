import type { FastifyInstance } from 'fastify'
import { memo } from '../http/memo.ts'
import { answers, noQuery } from '../http/schemas.ts'
import { limits } from '../limits.ts'
import type { Pipeline, PipelineFigures } from '../ports.ts'

const text = { type: 'string' } as const
const number = { type: 'number', minimum: 0 } as const
const maybe = { type: ['number', 'null'], minimum: 0 } as const

const list = (properties: Readonly<Record<string, object>>) => ({
  type: 'array',
  items: { type: 'object', required: Object.keys(properties), properties },
})

const pipelineSchema = {
  type: 'object',
  required: ['topologies', 'topics', 'readers', 'stores', 'calls'],
  properties: {
    topologies: {
      type: 'array',
      description: 'As `franz describe --format json` has them.',
      items: { type: 'object', additionalProperties: true },
    },
    topics: list({ name: text, records: number, per_second: maybe }),
    readers: list({ group: text, topic: text, lag: number, per_second: maybe }),
    stores: list({ topology: text, name: text, keys: maybe, bytes: maybe }),
    calls: list({ topology: text, name: text, pending: number }),
  },
} as const

/** The topologies at work: how they are built, and how the records run through them now. */
export const pipelineRoutes = (app: FastifyInstance, pipeline: Pipeline): void => {
  const kept = memo<PipelineFigures>(limits.figuresKeptMs)
  app.get(
    '/api/pipeline',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'Topologies with rates, lag, stores and pending calls',
        tags: ['pipeline'],
        querystring: noQuery,
        response: answers(pipelineSchema, 400),
      },
    },
    async () => ({ topologies: pipeline.topologies, ...(await kept('', () => pipeline.figures())) }),
  )
}
