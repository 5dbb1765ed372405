import { type ReactNode, useEffect, useId, useRef } from 'react'

/** A button that opens a small sheet beneath it. */
export const Menu = ({ label, children }: { label: ReactNode; children: ReactNode }) => {
  const id = useId()
  const holder = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const details = holder.current!
    const away = (event: Event) => {
      if (event.target instanceof Node && !details.contains(event.target)) details.open = false
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || !details.open) return
      details.open = false
      details.querySelector('summary')?.focus()
    }
    document.addEventListener('pointerdown', away)
    document.addEventListener('keydown', onKey)
    return () => {
      document.removeEventListener('pointerdown', away)
      document.removeEventListener('keydown', onKey)
    }
  }, [])
  return (
    <details className="menu" ref={holder}>
      <summary className="button" aria-controls={id}>
        {label}
      </summary>
      <div className="sheet" id={id}>
        {children}
      </div>
    </details>
  )
}
