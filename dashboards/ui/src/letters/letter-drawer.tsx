import { useState } from 'react'
import { send } from '../server/client.ts'
import type { DeadLetter } from '../server/types.ts'
import { Drawer } from '../shell/drawer.tsx'
import { useWords } from '../text/index.ts'

interface Shown {
  readonly letter: DeadLetter
  readonly mayRedrive: boolean
  readonly onDone: () => void
  readonly onClose: () => void
}

/** One dead letter: why, where from, what it says; and what it should say when it is sent again. */
export const LetterDrawer = ({ letter, mayRedrive, onDone, onClose }: Shown) => {
  const { t, moment } = useWords()
  const [value, setValue] = useState(pretty(letter))
  const [said, setSaid] = useState<string | undefined>(undefined)
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const [isSending, setSending] = useState(false)
  const isEdited = value !== pretty(letter)
  const redrive = async () => {
    setSending(true)
    setProblem(undefined)
    setSaid(undefined)
    try {
      const path = `/api/dead-letters/${encodeURIComponent(letter.id)}/redrive`
      const { topic } = await send<{ topic: string }>(path, isEdited ? { value } : {})
      setSaid(t('redrivenNow', { topic }))
      onDone()
    } catch (error) {
      setProblem((error as Error).message)
    } finally {
      setSending(false)
    }
  }
  return (
    <Drawer title={letter.error.message} onClose={onClose}>
      <dl className="facts">
        <dt>{t('topic')}</dt>
        <dd>
          {letter.topic} {letter.partition}@{letter.offset}
        </dd>
        <dt>{t('cameFrom')}</dt>
        <dd>
          {letter.origin === null ? '–' : `${letter.origin.topic} ${letter.origin.partition}@${letter.origin.offset}`}
        </dd>
        <dt>{t('date')}</dt>
        <dd>{moment(letter.at)}</dd>
        <dt>{t('attempts')}</dt>
        <dd>{letter.attempts}</dd>
      </dl>
      <label className="edited">
        <span>
          {t('value')} <small>{t('valueHint', { format: letter.format })}</small>
        </span>
        <textarea
          rows={12}
          spellCheck={false}
          value={value}
          disabled={!mayRedrive}
          onChange={event => setValue(event.target.value)}
          aria-invalid={problem !== undefined}
        />
      </label>
      {problem !== undefined && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <p role="status" className="said-result">
        {said}
      </p>
      <div className="buttons">
        <button
          type="button"
          className="button main"
          disabled={!mayRedrive || isSending}
          onClick={() => void redrive()}
        >
          {t(isEdited ? 'redriveEdited' : 'redrive')}
        </button>
        {isEdited && (
          <button type="button" className="button" onClick={() => setValue(pretty(letter))}>
            {t('reset')}
          </button>
        )}
      </div>
      {!mayRedrive && <p className="faint">{t('mayNot')}</p>}
      <details>
        <summary>
          {t('headers')} ({letter.headers.length})
        </summary>
        <dl className="facts wide">
          {letter.headers.map(({ name, value: header }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a name may come twice
            <div key={at}>
              <dt>{name}</dt>
              <dd>{header}</dd>
            </div>
          ))}
        </dl>
      </details>
      {letter.error.stack !== null && (
        <details>
          <summary>{t('stack')}</summary>
          <pre>{letter.error.stack}</pre>
        </details>
      )}
    </Drawer>
  )
}

const pretty = ({ value, format }: DeadLetter): string => {
  if (value === null) return ''
  if (format !== 'json') return value
  try {
    return JSON.stringify(JSON.parse(value), null, 2)
  } catch {
    return value
  }
}
