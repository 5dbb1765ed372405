declare const refused: unique symbol

/** The type of an argument that no argument fits: the compiler shows its words. */
export interface Refused<Words extends string> {
  readonly [refused]: Words
}

/** The name of what is kept; where it is not known how values are written, no name fits. */
export type NameOf<Written extends boolean, Verb extends string> = Written extends true
  ? string
  : Refused<`${Verb}: its values cannot be written, give the step before it \`as: format\``>

/** Refuses a function that gives back nothing but promises. Only for what nobody uses: it needs to know the type. */
export type NotAsync<Verb extends string, Result> = [Result] extends [never]
  ? unknown
  : [Result extends PromiseLike<unknown> ? never : true] extends [never]
    ? Refused<`${Verb}: steps are synchronous, use \`enrich\` for a call that takes time`>
    : unknown
