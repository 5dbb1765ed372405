import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import { Problem, send } from './problem.ts'

/** What is not there is a 404; what is there but not by this method is a 405, and says by which. */
export const answerUnknown = (app: FastifyInstance): void => {
  const routes: { readonly path: RegExp; readonly methods: readonly string[] }[] = []
  app.addHook('onRoute', ({ url, method }: RouteOptions) => {
    const parts = url
      .split('/')
      .map(part => (part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    if (!url.includes('*')) routes.push({ path: new RegExp(`^${parts.join('/')}/?$`), methods: [method].flat() })
  })
  const methodsAt = ({ url }: FastifyRequest): string[] => {
    const path = url.split('?')[0]!
    return [...new Set(routes.filter(route => route.path.test(path)).flatMap(({ methods }) => methods))]
  }
  app.setNotFoundHandler((request, reply) => {
    const methods = methodsAt(request)
    const problem =
      methods.length === 0 || methods.includes(request.method)
        ? new Problem(404, 'Not found', 'There is nothing here. GET /docs shows what there is.')
        : new Problem(405, 'Method not allowed', `This takes ${methods.join(', ')}.`, {
            headers: { allow: methods.join(', ') },
          })
    return send(request, reply, problem)
  })
}
