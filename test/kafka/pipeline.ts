import { text, topic, topology, whole } from '../../topology/index.ts'

/** A word count under a name of its own, so that tests share a broker and nothing else. */
export const counting = (name: string) => {
  const lines = topic(`${name}-lines`, { key: text, value: text })
  const counts = topic(`${name}-counts`, { key: text, value: whole })
  const pipeline = topology(name, draft =>
    draft
      .stream(lines)
      .flatMap(line => line.split(' '), { as: text })
      .rekey('by-word', word => word, { key: text })
      .group()
      .count('words')
      .changes()
      .to(counts),
  )
  return { lines, counts, pipeline }
}
