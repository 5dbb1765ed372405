/**
 * A decimal number as text: no digit is lost, as it would be in a number. Read ones have all digits of their scale.
 * @example const price: Decimal = '12.50'
 */
export type Decimal = `${number}`

/**
 * A uuid as text, as `crypto.randomUUID()` makes it.
 * @example const id: Uuid = '3b241101-e2bb-4255-8caf-4136c566a962'
 */
export type Uuid = `${string}-${string}-${string}-${string}-${string}`
