/** Before the Avro bytes of a value stand a zero and the schema's id, as every client of a Confluent registry expects. */
export const frameBytes = 5
const magic = 0

export const isFramed = (bytes: Uint8Array): boolean => bytes.length >= frameBytes && bytes[0] === magic

export const idOf = (bytes: Uint8Array): number =>
  ((bytes[1]! << 24) | (bytes[2]! << 16) | (bytes[3]! << 8) | bytes[4]!) >>> 0

export const writeFrame = (id: number, into: Uint8Array): void => {
  into[0] = magic
  into[1] = id >>> 24
  into[2] = id >>> 16
  into[3] = id >>> 8
  into[4] = id
}
