import { readFile } from 'node:fs/promises'
import type { Route, Running } from '../../host/index.ts'
import { PipelineFigures } from './figures.ts'

const files: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
}

/** The page of a pipeline, and its figures as it asks for them. */
export const pageRoutes = (running: readonly Running[]): readonly Route[] => {
  let figures: PipelineFigures | undefined
  return [
    async path => {
      const file = files[path]
      if (file === undefined) return undefined
      return { type: file[1], body: await readFile(new URL(`assets/${file[0]}`, import.meta.url)) }
    },
    async path => {
      if (path !== '/api/pipeline') return undefined
      const [first] = running
      if (first === undefined) return { status: 503, body: { error: 'the pipeline is starting' } }
      figures ??= new PipelineFigures(first)
      return { body: { name: first.name, nodes: figures.nodes, topics: await figures.topics() } }
    },
  ]
}
