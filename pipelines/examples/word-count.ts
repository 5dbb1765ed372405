import { text, topic, topology, whole } from 'franz'

export const lines = topic('lines', { key: text, value: text })
export const counts = topic('word-counts', { key: text, value: whole })

export default topology('word-count', draft =>
  draft
    .stream(lines)
    .flatMap(line => line.toLowerCase().match(/\p{L}+/gu) ?? [], { as: text })
    .rekey('by-word', word => word, { key: text })
    .group()
    .count('words')
    .changes()
    .to(counts),
)
