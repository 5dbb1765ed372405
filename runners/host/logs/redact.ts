/** Names of settings that are nobody's business. */
const secretName = /TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|PRIVATE|CREDENTIAL|DATABASE_URL|DSN|(^|_)(KEY|AUTH|PASS)$/i
/** Shorter values are words that stand in every other line. */
const lettersMin = 6

const hidden = '[redacted]'

/** Values of the environment that must not be seen: those of settings that are called so, and passwords inside of addresses. */
export const secretsOf = (env: Readonly<Record<string, string | undefined>>): readonly string[] => {
  const found = new Set<string>()
  for (const [name, value = ''] of Object.entries(env)) {
    if (secretName.test(name) && value.length >= lettersMin) found.add(value)
    for (const [, password] of value.matchAll(/:\/\/[^\s/:@]*:([^\s/@]+)@/g)) {
      found.add(password!)
      found.add(decoded(password!))
    }
  }
  // The longest first: one may hold another.
  return [...found].filter(secret => secret.length >= lettersMin).sort((one, other) => other.length - one.length)
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Takes secrets out of a text: those that are known, in every form in which they may stand there, and what looks like one. */
export const redactor = (secrets: readonly string[]): ((text: string) => string) => {
  const forms = secrets.flatMap(secret => [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64url'),
  ])
  const known = [...new Set(forms)].sort((one, other) => other.length - one.length)
  return text => {
    let clean = text
    for (const form of known) clean = clean.replaceAll(form, hidden)
    return clean
      .replace(/(:\/\/)[^\s/@"]*:[^\s/@"]+@/g, `$1${hidden}@`)
      .replace(/\b(Bearer|Basic) [\w.~+/=-]{6,}/gi, `$1 ${hidden}`)
  }
}
