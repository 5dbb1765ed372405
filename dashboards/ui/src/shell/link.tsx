import type { AnchorHTMLAttributes, MouseEvent } from 'react'
import { go } from './route.ts'

/** A link within the page: a plain click stays here, everything else is the browser's. */
export const Link = ({ href, onClick, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) => (
  <a
    href={href}
    onClick={(event: MouseEvent<HTMLAnchorElement>) => {
      onClick?.(event)
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
      event.preventDefault()
      go(href)
    }}
    {...rest}
  />
)
