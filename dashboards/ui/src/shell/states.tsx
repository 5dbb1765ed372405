import type { ReactNode } from 'react'
import type { Answer } from '../server/use-answer.ts'
import { useWords } from '../text/index.ts'

interface Shown<T> {
  readonly answer: Answer<T>
  readonly isEmpty?: (data: T) => boolean
  /** What is said where there is nothing. */
  readonly empty?: ReactNode
  /** What holds the place until the first answer. */
  readonly waiting?: ReactNode
  readonly children: (data: T) => ReactNode
}

/** A view in whichever state its data is: not there yet, nothing there, old, or as it should be. */
export const States = <T,>({ answer, isEmpty, empty, waiting, children }: Shown<T>) => {
  const { t } = useWords()
  const { data, error, again } = answer
  if (data === undefined && error !== undefined)
    return (
      <div className="state" role="alert">
        <p>{t('failed', { reason: error.message })}</p>
        <button type="button" className="button" onClick={again}>
          {t('tryAgain')}
        </button>
      </div>
    )
  if (data === undefined)
    return (
      <div aria-busy="true">
        <span className="unseen" role="status">
          {t('loading')}
        </span>
        {waiting ?? <div className="skeleton" />}
      </div>
    )
  return (
    <>
      {error !== undefined && (
        <p className="stale" role="status">
          {t('stale', { reason: error.message })}
        </p>
      )}
      {isEmpty?.(data) ? <div className="state">{empty ?? <p>{t('nothing')}</p>}</div> : children(data)}
    </>
  )
}
