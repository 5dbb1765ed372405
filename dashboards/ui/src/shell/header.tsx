import type { ReactNode } from 'react'

/** The head of a view: what it is, and what can be set in it. */
export const Header = ({ title, says, children }: { title: string; says?: string; children?: ReactNode }) => (
  <header className="head">
    <div>
      <h1>{title}</h1>
      {says !== undefined && <p>{says}</p>}
    </div>
    {children !== undefined && <div className="tools">{children}</div>}
  </header>
)
