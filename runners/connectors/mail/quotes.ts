// What the sender wrote, without what was quoted and without a signature. Where that is in doubt, more is kept: the whole
// text is always kept beside it.

/** Longer lines are never the beginning of a quotation, and no mail has more of them. */
const lineLengthMax = 400
const replyLinesMax = 50

const replyLines: readonly RegExp[] = [
  /^(On|Am|Le|El|Il|Op|Em|Den|Dnia|W dniu|On behalf).{5,300}(wrote|schrieb|a écrit|escribió|ha scritto|schreef|escreveu|skrev|napisał\(?a?\)?)\b.{0,120}:\s*$/i,
  /^.{3,200}<[^>]{3,100}>.{0,40}(wrote|schrieb|a écrit|escribió|ha scritto|написал\(?а?\)?|пишет)\s?:\s*$/i,
  /^.{0,100}(のメール|さんは書きました|写道)[:：]\s*$/,
  /^-{2,}\s?(Original Message|Original-Nachricht|Ursprüngliche Nachricht|Message d'origine|Mensaje original|Messaggio originale|Исходное сообщение)\s?-{2,}$/i,
]
/** The first line of the header that Outlook puts before what it quotes, and one that must follow soon. */
const outlookFirst = /^\*?(From|Von|De|Da|Van|От|Od)\s?:\*?\s?\S/
const outlookNext = /^\*?(Sent|Date|Gesendet|Datum|Envoyé|Enviado|Inviato|Verzonden|Отправлено|Wysłano)\s?:\*?\s?\S/
/** A forwarded mail is what the sender wants to be read. */
const forward =
  /^(-{2,}\s?(Forwarded message|Weitergeleitete Nachricht|Message transféré|Mensaje reenviado)\s?-{2,}|Begin forwarded message:|Anfang der weitergeleiteten Nachricht:)\s*$/i
const mobile =
  /^(Sent from my |Sent from Mail for |Get Outlook for |Von meinem .{2,30} gesendet|Gesendet von .{2,40}|Envoyé de mon |Enviado desde mi |Inviato da )/i

/** What the sender wrote; the whole text where nothing would be left. */
export const withoutQuotes = (text: string): string => {
  const lines = text.split('\n')
  const end = quotationFrom(lines)
  const own = lines.slice(0, end)
  const kept = own.some(line => isQuoted(line)) ? own.filter(line => !isQuoted(line)) : own
  const unsigned = withoutSignature(kept).join('\n').trim()
  if (unsigned !== '') return unsigned
  // The answer stands below what it quotes.
  const below = withoutSignature(lines.filter((line, index) => !isQuoted(line) && !isReplyLine(lines, index)))
  const answer = below.join('\n').trim()
  return answer === '' || forwards(lines) ? text.trim() : answer
}

const isQuoted = (line: string): boolean => /^[>＞]/.test(line)
const forwards = (lines: readonly string[]): boolean => lines.some(line => forward.test(line.trim()))

/** Where a quotation begins that goes to the end. */
const quotationFrom = (lines: readonly string[]): number => {
  let seen = 0
  for (let index = 0; index < lines.length && seen < replyLinesMax; index++) {
    if (forward.test(lines[index]!.slice(0, lineLengthMax).trim())) return lines.length
    const begins = isReplyLine(lines, index)
    if (begins) seen++
    if (begins && nothingOwnAfter(lines, index)) return index
    if (isOutlookHeader(lines, index)) return startOfRule(lines, index)
  }
  return lines.length
}

/** Such a line may be broken in two by the program that wrote it. */
const isReplyLine = (lines: readonly string[], index: number): boolean => {
  const line = lines[index]!.trim()
  if (line === '' || line.length > lineLengthMax || line.split('<').length > 4) return false
  const joined = `${line} ${(lines[index + 1] ?? '').trim()}`
  return replyLines.some(
    pattern =>
      pattern.test(line) || (joined.length <= lineLengthMax && /^(On|Am|Le|El|Il) /.test(line) && pattern.test(joined)),
  )
}

/** Whether all that follows is quoted, or not marked as such at all. */
const nothingOwnAfter = (lines: readonly string[], index: number): boolean => {
  const after = lines.slice(index + 2).filter(line => line.trim() !== '')
  const quoted = after.filter(isQuoted).length
  return quoted === 0 || quoted === after.length || !after.slice(after.findLastIndex(isQuoted) + 1).some(isOwn)
}

const isOwn = (line: string): boolean => !mobile.test(line) && !/^--\s?$/.test(line)

const isOutlookHeader = (lines: readonly string[], index: number): boolean =>
  outlookFirst.test(lines[index]!.slice(0, lineLengthMax)) &&
  lines.slice(index + 1, index + 4).some(line => outlookNext.test(line.slice(0, lineLengthMax)))

/** A line of underscores or dashes above the header belongs to it. */
const startOfRule = (lines: readonly string[], index: number): number => {
  let start = index
  while (start > 0 && lines[start - 1]!.trim() === '') start--
  return start > 0 && /^[_-]{5,}$/.test(lines[start - 1]!.trim()) ? start - 1 : index
}

/** What mail programs put before a signature: the space at its end tells it from a line of the text. */
export const signatureLine = '-- '
const signatureLinesMax = 15

/** Without a signature, and without the advertising of a telephone. */
const withoutSignature = (lines: readonly string[]): readonly string[] => {
  const at = lines.lastIndexOf(signatureLine)
  const cut = at > 0 && lines.length - at <= signatureLinesMax ? lines.slice(0, at) : lines
  const last = cut.findLastIndex(line => line.trim() !== '')
  return last > 0 && mobile.test(cut[last]!.trim()) ? cut.slice(0, last) : cut
}
