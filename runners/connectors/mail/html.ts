// HTML to text in one pass, with nothing kept but what is open: a document made to exhaust whoever builds a tree of it
// costs no more than its bytes. What it writes is for people to read; it is never shown as HTML.

import { decodeHTML } from 'entities'

const blocks = new Set(
  'address article aside blockquote body center dd details div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section table tbody tfoot thead tr ul'.split(
    ' ',
  ),
)
/** With an empty line around them. */
const paragraphs = new Set('blockquote dl h1 h2 h3 h4 h5 h6 hr ol p pre table ul'.split(' '))
/** What stands in them is not for readers. */
const silent = ['script', 'style', 'head', 'title', 'template', 'svg', 'math', 'object', 'select', 'textarea']

const limits = { quotesMax: 5, listsMax: 20, tagLengthMax: 4_096, oddTagsMax: 100, hrefLengthMax: 500 } as const

/** The text of a document, cut at a length. */
export const textOfHtml = (html: string, lengthMax: number): string => new Writer(html, lengthMax).text()

class Writer {
  readonly #html: string
  readonly #lengthMax: number
  #out = ''
  /** Line breaks and spaces that are due before the next word. */
  #breaks = 0
  #space = false
  #quotes = 0
  #pre = 0
  /** A number for each list that is open: undefined where it is not counted. */
  readonly #lists: (number | undefined)[] = []
  #link: { readonly href: string; readonly at: number } | undefined
  #oddTags = 0

  constructor(html: string, lengthMax: number) {
    this.#html = html
    this.#lengthMax = lengthMax
  }

  text(): string {
    const html = this.#html
    let at = 0
    while (at < html.length && this.#out.length < this.#lengthMax) {
      const tag = html.indexOf('<', at)
      if (tag < 0) break
      if (tag > at) this.#words(html.slice(at, tag))
      at = this.#markup(tag)
    }
    if (at < html.length && this.#out.length < this.#lengthMax && html.indexOf('<', at) < 0) this.#words(html.slice(at))
    return this.#out.trimEnd()
  }

  /** Takes what begins with `<` here, and returns where it ends. */
  #markup(at: number): number {
    const html = this.#html
    if (html.startsWith('<!--', at)) return this.#after('-->', at + 4)
    const next = html.charCodeAt(at + 1)
    if (next === 0x21 || next === 0x3f) return this.#after('>', at + 2)
    const closing = next === 0x2f
    const name = /[a-z][a-z0-9:]{0,30}/iy
    name.lastIndex = at + (closing ? 2 : 1)
    const found = name.exec(html)?.[0].toLowerCase()
    if (found === undefined) {
      this.#words('<')
      return at + 1
    }
    const end = this.#tagEnd(name.lastIndex)
    if (closing) this.#close(found)
    else {
      if (silent.includes(found)) return this.#afterClosing(found, end)
      this.#open(found, html.slice(name.lastIndex, Math.min(end - 1, name.lastIndex + limits.tagLengthMax)))
    }
    return end
  }

  #after(what: string, from: number): number {
    const found = this.#html.indexOf(what, from)
    return found < 0 ? this.#html.length : found + what.length
  }

  #afterClosing(name: string, from: number): number {
    const end = new RegExp(`</${name}[\\s>]`, 'gi')
    end.lastIndex = from
    const found = end.exec(this.#html)
    return found === null ? this.#html.length : this.#after('>', found.index)
  }

  /** A `>` within quotes does not end a tag, unless the quotes are odd. */
  #tagEnd(from: number): number {
    const html = this.#html
    let quote = 0
    if (this.#oddTags < limits.oddTagsMax) {
      for (let at = from; at < Math.min(html.length, from + limits.tagLengthMax); at++) {
        const letter = html.charCodeAt(at)
        if (quote !== 0) quote = letter === quote ? 0 : quote
        else if (letter === 0x22 || letter === 0x27) quote = letter
        else if (letter === 0x3e) return at + 1
      }
      this.#oddTags++
    }
    return this.#after('>', from)
  }

  #open(name: string, attributes: string): void {
    if (name === 'br') this.#break(1, true)
    if (blocks.has(name)) this.#break(paragraphs.has(name) ? 2 : 1)
    if (name === 'blockquote') this.#quotes = Math.min(limits.quotesMax, this.#quotes + 1)
    else if (name === 'pre') this.#pre++
    else if (name === 'ul' || name === 'ol') {
      if (this.#lists.length < limits.listsMax) this.#lists.push(name === 'ol' ? 1 : undefined)
    } else if (name === 'li') this.#item()
    else if (name === 'hr') this.#words('---')
    else if (name === 'td' || name === 'th') this.#space = true
    else if (name === 'img') this.#words(attributeOf(attributes, 'alt'))
    else if (name === 'a') this.#link = { href: attributeOf(attributes, 'href'), at: this.#out.length }
  }

  #close(name: string): void {
    if (name === 'a') this.#endLink()
    if (blocks.has(name)) this.#break(paragraphs.has(name) ? 2 : 1)
    if (name === 'blockquote') this.#quotes = Math.max(0, this.#quotes - 1)
    else if (name === 'pre') this.#pre = Math.max(0, this.#pre - 1)
    else if (name === 'ul' || name === 'ol') this.#lists.pop()
  }

  #item(): void {
    const list = this.#lists.at(-1)
    const indent = '  '.repeat(Math.max(0, this.#lists.length - 1))
    this.#write(list === undefined ? `${indent}-` : `${indent}${list}.`)
    this.#space = true
    if (list !== undefined) this.#lists[this.#lists.length - 1] = list + 1
  }

  /** A link is told by its address where its words are not the address. */
  #endLink(): void {
    const link = this.#link
    this.#link = undefined
    if (link === undefined || !/^(https?|mailto|tel):/i.test(link.href) || link.href.length > limits.hrefLengthMax)
      return
    const words = this.#out.slice(link.at).trim()
    const address = link.href.replace(/^mailto:/i, '')
    if (
      words === '' ||
      address.replace(/^https?:\/\//, '').replace(/\/$/, '') === words.replace(/^https?:\/\//, '').replace(/\/$/, '')
    )
      return
    this.#write(` [${address}]`)
  }

  #break(count: number, more = false): void {
    if (this.#out === '') return
    this.#breaks = more ? Math.min(3, this.#breaks + count) : Math.max(this.#breaks, count)
    this.#space = false
  }

  #words(raw: string): void {
    const text = raw.includes('&') ? decodeHTML(raw) : raw
    if (this.#pre > 0) {
      const [first = '', ...lines] = text.split('\n')
      if (first !== '') this.#write(first)
      for (const line of lines) {
        this.#break(1, true)
        if (line !== '') this.#write(line)
      }
      return
    }
    const words = text.replaceAll(/[ \t\r\n\f]+/g, ' ')
    if (words === '') return
    if (words === ' ') {
      this.#space = true
      return
    }
    if (words.startsWith(' ')) this.#space = true
    this.#write(words.trim())
    this.#space = words.endsWith(' ')
  }

  #write(text: string): void {
    const quote = this.#quotes === 0 ? '' : `${'>'.repeat(this.#quotes)} `
    if (this.#out === '') this.#out = quote
    else if (this.#breaks > 0) {
      // Empty lines within a quotation belong to it.
      this.#out += `${`\n${quote.trimEnd()}`.repeat(this.#breaks - 1)}\n${quote}`
    } else if (this.#space && !this.#out.endsWith(' ')) this.#out += ' '
    this.#breaks = 0
    this.#space = false
    this.#out += text
  }
}

const attributeOf = (attributes: string, name: string): string => {
  const found = new RegExp(`(?:^|[\\s"'])${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>"']+))`, 'i').exec(attributes)
  return decodeHTML(found?.[1] ?? found?.[2] ?? found?.[3] ?? '').trim()
}
