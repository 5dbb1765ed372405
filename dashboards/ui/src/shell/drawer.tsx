import { type ReactNode, useEffect, useRef } from 'react'
import { useWords } from '../text/index.ts'
import { Icon } from './icon.tsx'

/** A sheet over the view that takes the focus until it is closed. */
export const Drawer = ({
  title,
  onClose,
  children,
}: {
  title: ReactNode
  onClose: () => void
  children: ReactNode
}) => {
  const { t } = useWords()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const shown = dialog.current!
    const before = document.activeElement
    shown.showModal()
    return () => {
      shown.close()
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      className="drawer"
      aria-labelledby="drawer-title"
      onCancel={event => {
        event.preventDefault()
        onClose()
      }}
      onPointerDown={event => {
        if (event.target === dialog.current) onClose()
      }}
    >
      <div className="drawer-inside">
        <header>
          <h2 id="drawer-title">{title}</h2>
          <button type="button" className="quiet" aria-label={t('close')} onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  )
}
