import { existsSync } from 'node:fs'
import staticFiles from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { Problem } from './http/problem.ts'

/** Views of the page have addresses of their own, which the page itself reads. */
const views = ['/', '/tickets', '/tickets/:id', '/pipeline', '/dead-letters', '/new', '/dashboards/:uid']

/** Serves the built page. Files whose names carry a hash of their content are kept by browsers for good. */
export const servePage = async (app: FastifyInstance, folder: string): Promise<void> => {
  app.addHook('onRoute', route => {
    if (route.url.startsWith('/assets/')) route.config = { ...route.config, needs: 'anyone' }
  })
  const isBuilt = existsSync(`${folder}/index.html`)
  if (isBuilt)
    await app.register(staticFiles, {
      root: `${folder}/assets`,
      prefix: '/assets/',
      immutable: true,
      maxAge: '365d',
      index: false,
      schemaHide: true,
    })
  for (const url of views)
    app.get(url, { config: { needs: 'anyone' }, schema: { hide: true } }, (_request, reply) => {
      if (!isBuilt) throw new Problem(404, 'Not found', 'The page is not built: run npm run build:page once.')
      return reply.header('cache-control', 'no-cache').sendFile('index.html', folder, { immutable: false, maxAge: 0 })
    })
}
