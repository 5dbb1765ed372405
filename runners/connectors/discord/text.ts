/** The first characters of a text with an ellipsis where it is longer; a character is never cut in two. */
export const cut = (text: string, lengthMax: number): string => {
  if (text.length <= lengthMax) return text
  const end = text.slice(0, lengthMax - 1)
  return `${/[\uD800-\uDBFF]$/.test(end) ? end.slice(0, -1) : end}…`
}
