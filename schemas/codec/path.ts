const plainStep = /^[\w-]{1,60}$/
const shownChars = 30

/** JSON leaves some characters as they are that would break a line of a log. */
const quoted = (text: string): string =>
  JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** Steps of a path in a message: `tags.3.name`; a map key may hold anything, so it is quoted unless it is plain. */
export const pathText = (steps: readonly string[]): string =>
  steps.map(step => (plainStep.test(step) ? step : quoted(step.slice(0, shownChars)))).join('.')
