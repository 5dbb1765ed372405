import { errors } from '../../schemas/desk/topics.ts'
import { topology } from '../../topology/index.ts'

/** Failures of all services to whoever runs the desk. It makes no report of its own failures: that would go round in a circle. */
export default topology('absturz', { onError: 'skip' }, draft => {
  draft.sink('absturz-webhook', errors)
})
