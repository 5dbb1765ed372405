import { createStore } from '../server/store.ts'

export type Theme = 'light' | 'dark'

const kept = localStorage.getItem('franz-theme')
const preferred = window.matchMedia('(prefers-color-scheme: dark)')
const first: Theme = kept === 'light' || kept === 'dark' ? kept : preferred.matches ? 'dark' : 'light'

export const theme = createStore<Theme>(first)
document.documentElement.dataset.theme = first

const show = (chosen: Theme): void => {
  document.documentElement.dataset.theme = chosen
  theme.set(chosen)
}

/** Whoever chose colours keeps them; the others follow their system. */
export const setTheme = (chosen: Theme): void => {
  localStorage.setItem('franz-theme', chosen)
  show(chosen)
}

preferred.addEventListener('change', ({ matches }) => {
  if (localStorage.getItem('franz-theme') === null) show(matches ? 'dark' : 'light')
})
