import { errors } from '../../schemas/desk/topics.ts'
import { orText } from '../../schemas/index.ts'
import { type Topology, topic, topology } from '../../topology/index.ts'

/**
 * Failures of all services to whoever runs the desk: from `errors`, or from topics of other names, as those of dead letters.
 * It makes no report of its own failures: that would go round in a circle.
 */
export const absturz = (names: readonly string[] = []): Topology =>
  topology('absturz', { onError: 'skip' }, draft => {
    const named = (name: string) => topic(name, { key: errors.key, value: orText(errors.value) })
    const [first, ...more] = names
    if (first === undefined) draft.sink('absturz-webhook', errors)
    else draft.sink('absturz-webhook', named(first), ...more.map(named))
  })

export default absturz()
