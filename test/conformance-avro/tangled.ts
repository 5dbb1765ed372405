// Pairs of schemas whose records refer to each other in circles, through unions in which several branches might fit.
// Here the order in which a check visits pairs, and what it remembers of pairs under way, decides the verdict.
import type { Chance } from './random.ts'
import type { Loose } from './random-schema.ts'

const letters = ['R', 'S', 'T']
const fieldNames = ['a', 'b', 'c']

/** What each record's fields are: a number, or the letter of another record. */
type Skeleton = Readonly<Record<string, Readonly<Record<string, string>>>>

const skeletonOf = (chance: Chance): Skeleton => {
  const kinds = ['int', ...letters]
  const fields = () => fieldNames.filter(() => chance.often(0.7)).map(name => [name, chance.pick(kinds)])
  return Object.fromEntries(letters.map(letter => [letter, Object.fromEntries(fields())]))
}

/** Records after the skeleton in each namespace; where `faults` strikes, a field is another one than it should be. */
const tangle = (chance: Chance, skeleton: Skeleton, spaces: readonly string[], faults: number): Loose => {
  const oneOf = (letter: string): Loose => {
    const all = spaces.map(space => `${space}.${letter}`)
    if (spaces.length === 1 || chance.often(0.3)) return chance.pick(all)
    return chance.often(0.5) ? all : all.toReversed()
  }
  const type = (kind: string): Loose => {
    if (kind === 'int') return chance.often(faults) ? 'string' : 'int'
    return oneOf(chance.often(faults) ? chance.pick(letters) : kind)
  }
  const define = (space: string, letter: string): Loose => {
    const fields = Object.entries(skeleton[letter]!).map(([name, kind]) => ({ name, type: type(kind) }))
    if (chance.often(0.3)) fields.reverse()
    return { type: 'record', name: `${space}.${letter}`, fields }
  }
  // The circle is entered first; the definitions follow, in fields that the other side lacks.
  const entries = letters.map((letter, index) => ({ name: `${letter}${index}`, type: [oneOf(letter)].flat() }))
  const definitions = spaces.flatMap(space =>
    letters.map(letter => ({ name: `${space}_${letter}`, type: ['null', define(space, letter)], default: null })),
  )
  return { type: 'record', name: 'Root', fields: [...entries, ...definitions] }
}

/** The old schema knows each record once, the new one in two namespaces, whose records differ a little. */
export const tangledPair = (chance: Chance): { old: Loose; new: Loose } => {
  const skeleton = skeletonOf(chance)
  return { old: tangle(chance, skeleton, ['w'], 0), new: tangle(chance, skeleton, ['x', 'y'], 0.12) }
}
