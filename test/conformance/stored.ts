import type { CaseNode, CaseSpec } from './case-format.ts'
import { type Captured, capture } from './java-program.ts'

const isStored = ({ topology }: CaseSpec): boolean => topology.some(node => 'stored' in node)

function withoutStoring(spec: CaseSpec): CaseSpec {
  const topology = spec.topology.map(node => {
    const { stored, ...rest } = node as CaseNode & { readonly stored?: true }
    return rest as CaseNode
  })
  return { ...spec, topology }
}

/** Seeds with another output where Kafka stores the results of joins and the like, which we never do. */
export async function changedByStoring(
  captured: readonly Captured[],
  options: { readonly inMemory: boolean },
): Promise<Set<number | undefined>> {
  const stored = captured.filter(isStored)
  const computed = await capture(stored.map(withoutStoring), options)
  const changed = stored.filter((each, at) => JSON.stringify(each.out) !== JSON.stringify(computed[at]!.out))
  return new Set(changed.map(each => each.seed))
}
