import type { Description, PipelineAnswer } from '../server/types.ts'
import { useWords } from '../text/index.ts'

/** What a service does, step by step, in the order in which records pass. */
export const Steps = ({ of, data }: { of: Description; data: PipelineAnswer }) => {
  const { t, short } = useWords()
  const keys = (store: string) => data.stores.find(one => one.topology === of.topology && one.name === store)?.keys
  const pending = (call: string) => data.calls.find(one => one.topology === of.topology && one.name === call)?.pending
  return (
    <>
      <h2 id="steps-title">{t('steps', { name: of.topology })}</h2>
      <div className="parts">
        {of.parts.map(part => (
          <ol key={part.id}>
            {part.nodes.map(node => (
              <li key={`${node.id} ${node.role}`}>
                <p>
                  <b>{node.kind}</b> {nameOf(node.id, node.kind)}
                </p>
                <p className="faint">
                  {[
                    ...(node.inputs.length > 0 ? [`← ${node.inputs.map(({ from }) => from).join(', ')}`] : []),
                    ...(node.reads === null ? [] : [`${t('readsFrom')} ${node.reads}`]),
                    ...(node.writes === null ? [] : [`${t('writesTo')} ${node.writes}`]),
                    ...node.stores.map(store => `⛁ ${store}${withCount(keys(store), short)}`),
                    ...(node.call === null
                      ? []
                      : [`${t('calls')} ${node.call}${withCount(pending(node.call), short)}`]),
                    ...(node.note === null ? [] : [node.note]),
                  ].join(' · ')}
                </p>
              </li>
            ))}
          </ol>
        ))}
      </div>
    </>
  )
}

const nameOf = (id: string, kind: string): string => (id.startsWith(`${kind} `) ? id.slice(kind.length + 1) : id)
const withCount = (count: number | null | undefined, short: (value: number) => string): string =>
  count === null || count === undefined ? '' : ` (${short(count)})`
