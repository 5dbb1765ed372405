declare const refused: unique symbol

/** The type of an argument that no argument fits: the compiler shows its words. */
export interface Refused<Words extends string> {
  readonly [refused]: Words
}
