/** Wall time as an argument: the library never asks the machine. */
export interface Clock {
  now(): number
}
