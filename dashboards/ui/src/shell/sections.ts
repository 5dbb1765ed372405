import type { TextKey } from '../text/index.ts'
import type { IconName } from './icon.tsx'

export interface Section {
  readonly href: string
  readonly text: TextKey
  /** Where there is little room. */
  readonly short?: TextKey
  readonly icon: IconName
}

/** The sections of the page, in their order. */
export const sections: readonly Section[] = [
  { href: '/', text: 'overview', icon: 'grid' },
  { href: '/tickets', text: 'tickets', icon: 'list' },
  { href: '/dashboards/franz-labels', text: 'labels', short: 'labelsShort', icon: 'tag' },
  { href: '/dashboards/franz-operation', text: 'operation', icon: 'pulse' },
  { href: '/pipeline', text: 'pipeline', icon: 'flow' },
  { href: '/dead-letters', text: 'deadLetters', short: 'deadLettersShort', icon: 'return' },
]
