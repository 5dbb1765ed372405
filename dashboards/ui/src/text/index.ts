import { createStore, useStore } from '../server/store.ts'
import { de, namesDe } from './de.ts'
import { en, namesEn, type TextKey } from './en.ts'

export type Language = 'en' | 'de'
export type { TextKey }

const kept = localStorage.getItem('franz-language')
const spoken: Language = navigator.language.startsWith('de') ? 'de' : 'en'

const language = createStore<Language>(kept === 'en' || kept === 'de' ? kept : spoken)
document.documentElement.lang = language.get()

export const setLanguage = (chosen: Language): void => {
  localStorage.setItem('franz-language', chosen)
  document.documentElement.lang = chosen
  language.set(chosen)
}

export interface Words {
  readonly language: Language
  /** A text, with what belongs into its braces. */
  readonly t: (key: TextKey, parts?: Readonly<Record<string, string | number>>) => string
  /** A name that came as data, in words for people. */
  readonly name: (name: string | null | undefined) => string
  readonly count: (value: number) => string
  readonly short: (value: number) => string
  readonly moment: (iso: string) => string
  readonly ago: (iso: string) => string
}

const made = new Map<Language, Words>()

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

const wordsIn = (chosen: Language): Words => {
  const texts: Readonly<Record<TextKey, string>> = chosen === 'de' ? de : en
  const names = chosen === 'de' ? namesDe : namesEn
  const whole = new Intl.NumberFormat(chosen)
  const compact = new Intl.NumberFormat(chosen, { notation: 'compact', maximumFractionDigits: 1 })
  const dateTime = new Intl.DateTimeFormat(chosen, { dateStyle: 'medium', timeStyle: 'short' })
  const relative = new Intl.RelativeTimeFormat(chosen, { numeric: 'auto', style: 'short' })
  return {
    language: chosen,
    t: (key, parts = {}) => texts[key].replaceAll(/\{(\w+)\}/g, (found, part: string) => String(parts[part] ?? found)),
    name: name => (name === null || name === undefined ? '–' : Object.hasOwn(names, name) ? names[name]! : name),
    count: value => whole.format(value),
    short: value => compact.format(value),
    moment: iso => dateTime.format(new Date(iso)),
    ago: iso => {
      const seconds = (new Date(iso).getTime() - Date.now()) / 1_000
      const [unit, size] = units.find(([, least]) => Math.abs(seconds) >= least) ?? (['second', 1] as const)
      return relative.format(Math.round(seconds / size), unit)
    },
  }
}

export const wordsFor = (chosen: Language): Words => {
  if (!made.has(chosen)) made.set(chosen, wordsIn(chosen))
  return made.get(chosen)!
}

export const useWords = (): Words => wordsFor(useStore(language))
