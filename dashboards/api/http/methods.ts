import type { FastifyInstance, RouteOptions } from 'fastify'
import { Problem } from './problem.ts'

interface Known {
  readonly path: RegExp
  readonly methods: readonly string[]
  readonly isExact: boolean
}

/** What is not there is a 404; what is there but not by this method is a 405, and says by which. */
export const answerUnknown = (app: FastifyInstance): void => {
  const routes: Known[] = []
  app.addHook('onRoute', ({ url, method }: RouteOptions) => {
    const parts = url
      .split('/')
      .map(part => (part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    if (url.includes('*')) return
    routes.push({ path: new RegExp(`^${parts.join('/')}/?$`), methods: [method].flat(), isExact: !url.includes(':') })
  })
  /** By the address of a route itself where it is one: `/redrive` is never taken for an id. */
  const methodsAt = (path: string): string[] => {
    const found = routes.filter(route => route.path.test(path))
    const exact = found.filter(({ isExact }) => isExact)
    return [...new Set((exact.length > 0 ? exact : found).flatMap(({ methods }) => methods))]
  }
  // Before the body is looked at: no method needs a content type to be told that it is none of those here.
  app.addHook('onRequest', async request => {
    const methods = methodsAt(request.url.split('?')[0]!)
    if (methods.length > 0 && !methods.includes(request.method))
      throw new Problem(405, 'Method not allowed', `This takes ${methods.join(', ')}.`, {
        headers: { allow: methods.join(', ') },
      })
    if (request.is404) throw new Problem(404, 'Not found', 'There is nothing here. GET /docs shows what there is.')
  })
}
